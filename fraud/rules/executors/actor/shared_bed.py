"""Two patients in one bed of one provider in the same nights: the one for whom nobody cared violates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import care_in_common

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class SharedBed:
    """Stays of two persons with department and bed number in common, one of whom the ward did not care for meanwhile.

    Bed numbers are often careless, so that two in one bed say nothing while both are cared for; a held bed is given to
    another. Both stays must tell days apart. Aliases for exemptions: `s`, the stay without care; `o`, the other.

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
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits: lines of the stay without care, dated in the nights in common, which are `most_nights`.

        A pair is found in the month in which the later of both was settled; care counts on the days between the first
        and the last day in common.
        """
        nights = dialect.days_between("first_day", "last_day")
        return f"""
        with stays as (
          select * from rule_settlements
          where encounter_type in {quoted_list(self.encounter_types)} and discharge_date > admit_date and is_dated
            and bed_number is not null and department_code is not null
        ), met as (
          select s.settlement_key, o.settlement_key as other_key,
                 greatest(s.admit_date, o.admit_date) as first_day,
                 least(s.discharge_date, o.discharge_date) as last_day
          from stays s
          join stays o on o.provider_key = s.provider_key and o.department_code = s.department_code
           and o.bed_number = s.bed_number and o.person_key <> s.person_key
           and o.admit_date < s.discharge_date and s.admit_date < o.discharge_date
          where greatest(s.month, o.month) = '{month}'
        ), long as (
          select *, {nights} as nights from met where {nights} > {values[self.lawful_nights]}
        ), shown as ({care_in_common("long")}
        ), pairs as (
          select m.*
          from long m
          join stays s on s.settlement_key = m.settlement_key
          join stays o on o.settlement_key = m.other_key
          left join shown a on a.settlement_key = m.settlement_key and a.other_key = m.other_key
          join shown b on b.settlement_key = m.other_key and b.other_key = m.settlement_key
          where coalesce(a.n_cared, 0) = 0 and b.n_cared > 0 and not {lawful}
        )
        select l.settlement_key, l.line_number, 'violating' as role, l.provider_key, l.person_key,
               cast(null as bigint) as practitioner_key, l.fee_date as service_date, l.in_scope,
               cast(1 as bigint) as part, cast(1 as bigint) as whole, max(p.nights) as most_nights
        from rule_lines l
        join pairs p on p.settlement_key = l.settlement_key
        where l.fee_date >= p.first_day and l.fee_date < p.last_day
        group by l.settlement_key, l.line_number, l.provider_key, l.person_key, l.fee_date, l.in_scope
        union all
        select distinct p.other_key, cast(null as bigint), 'involved', s.provider_key, s.person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from pairs p join stays s on s.settlement_key = p.settlement_key
        """
