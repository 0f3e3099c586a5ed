"""Two patients in one bed of one provider in the same nights: the stay settled later violates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.executor import check_encounter_types
from fraud.rules.hits import SETTLEMENT_COLUMNS
from fraud.rules.numbers import Measure, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class SharedBed:
    """Stays of two persons with department and bed number in common, for more nights than is lawful.

    A provider where more than a share of the stays meet another in their bed numbers its beds in another way than by
    department, and is left in peace. Aliases for exemptions: `s`, the stay settled later; `o`, the other.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    lawful_nights : str
        Parameter: nights in common up to which nothing is said.
    habit_percent : str
        Parameter: stays in a hundred of the provider's that meet another, from which bed numbers say nothing.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (Measure("most_nights", Unit("night", "nights", "晚")),)
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS, "o": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    lawful_nights: str
    habit_percent: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Nights and share."""
        return (self.lawful_nights, self.habit_percent)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits, whole settlements by their share of the nights; `most_nights` are those with one other stay."""
        nights = dialect.days_between(
            "greatest(s.admit_date, o.admit_date)", "least(s.discharge_date, o.discharge_date)"
        )
        stay_nights = dialect.days_between("s.admit_date", "s.discharge_date")
        return f"""
        with stays as (
          select * from rule_settlements
          where encounter_type in {quoted_list(self.encounter_types)} and discharge_date > admit_date
            and bed_number is not null and department_code is not null
        ), met as (
          select s.settlement_key, o.settlement_key as other_key, {nights} as nights, {stay_nights} as stay_nights
          from stays s
          join stays o on o.provider_key = s.provider_key and o.department_code = s.department_code
           and o.bed_number = s.bed_number and o.person_key <> s.person_key
           and o.admit_date < s.discharge_date and s.admit_date < o.discharge_date
          where s.month = '{month}'
            and (o.settled_at < s.settled_at or (o.settled_at = s.settled_at and o.settlement_id < s.settlement_id))
        ), habits as (
          select s.provider_key from stays s
          left join (select distinct settlement_key from met) m on m.settlement_key = s.settlement_key
          where s.month = '{month}'
          group by s.provider_key
          having count(m.settlement_key) > 2 and count(m.settlement_key) * 100 > {values[self.habit_percent]} * count(*)
        ), pairs as (
          select m.*, s.provider_key, s.person_key, s.in_scope
          from met m
          join stays s on s.settlement_key = m.settlement_key
          join stays o on o.settlement_key = m.other_key
          where m.nights > {values[self.lawful_nights]}
            and s.provider_key not in (select provider_key from habits) and not {lawful}
        )
        select settlement_key, cast(null as bigint) as line_number, 'violating' as role, provider_key, person_key,
               cast(null as bigint) as practitioner_key, cast(null as date) as service_date, in_scope,
               max(nights) as part, stay_nights as whole, max(nights) as most_nights
        from pairs group by settlement_key, provider_key, person_key, in_scope, stay_nights
        union all
        select distinct other_key, cast(null as bigint), 'involved', provider_key, person_key,
               cast(null as bigint), cast(null as date), 0, 1, 1, 0
        from pairs
        """
