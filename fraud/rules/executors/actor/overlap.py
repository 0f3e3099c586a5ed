"""Stays of one person at two providers at once: the one settled later violates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from fraud.rules.executor import check_encounter_types
from fraud.rules.hits import SETTLEMENT_COLUMNS
from fraud.rules.numbers import Measure, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class Overlap:
    """Two stays with more nights in common than is lawful.

    Aliases for exemptions: `s`, the stay settled later; `o`, the other; and the days in common, from
    `greatest(s.admit_date, o.admit_date)` to `least(s.discharge_date, o.discharge_date)`.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    lawful_nights : str
        Parameter: nights in common up to which nothing is said.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_nights", Unit("night", "nights", "晚")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS, "o": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    lawful_nights: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The nights in common that are lawful."""
        return (self.lawful_nights,)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one person."""
        return ("person_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits; `most_nights` are the most nights in common with one other stay.

        Where the later stay has lines dated on the days in common, these violate in full; where it has
        none, or its lines do not tell days apart, each of its lines violates by its share of the nights.
        """
        kinds = ", ".join(f"'{kind}'" for kind in self.encounter_types)
        nights = dialect.days_between("p.first_day", "p.last_day")
        stay_nights = dialect.days_between("s.admit_date", "s.discharge_date")
        return f"""
        with stays as (
          select * from rule_settlements where encounter_type in ({kinds}) and discharge_date > admit_date
        ), meeting as (
          select s.settlement_key, o.settlement_key as other_key, s.provider_key, s.person_key, s.is_dated,
                 greatest(s.admit_date, o.admit_date) as first_day,
                 least(s.discharge_date, o.discharge_date) as last_day,
                 {stay_nights} as stay_nights
          from stays s
          join stays o on o.person_key = s.person_key and o.provider_key <> s.provider_key
           and o.admit_date < s.discharge_date and s.admit_date < o.discharge_date
          where s.month = '{month}'
            and (o.settled_at < s.settled_at
                 or (o.settled_at = s.settled_at
                     and (o.admit_date < s.admit_date
                          or (o.admit_date = s.admit_date and o.settlement_id < s.settlement_id))))
            and not {lawful}
        ), pairs as (
          select p.*, {nights} as nights from meeting p where {nights} > {values[self.lawful_nights]}
        ), lines as (
          select p.*, l.line_number, l.fee_date, l.in_scope,
                 case when p.is_dated and l.fee_date >= p.first_day and l.fee_date < p.last_day
                      then 1 else 0 end as is_inside
          from pairs p join rule_lines l on l.settlement_key = p.settlement_key
        ), counted as (
          select *, sum(is_inside) over (partition by settlement_key, other_key) as n_inside from lines
        )
        select settlement_key, line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, fee_date as service_date, in_scope,
               max(case when is_inside = 1 then stay_nights else nights end) as part, stay_nights as whole,
               max(nights) as most_nights
        from counted where is_inside = 1 or n_inside = 0
        group by settlement_key, line_number, provider_key, person_key, fee_date, in_scope, stay_nights
        union all
        select distinct other_key, cast(null as bigint), 'involved', provider_key, person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from counted
        """
