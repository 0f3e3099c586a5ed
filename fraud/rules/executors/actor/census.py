"""More patients in beds than a provider is licensed for, day after day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS
from fraud.rules.relations.care import days_in_bed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect

# So many times the licensed beds, and the register is wrong, not the hospital.
_REGISTER_IS_WRONG = 3


@dataclass(frozen=True)
class Census:
    """Stays beyond the licensed beds, on days that are many and pass the licence by more than a margin.

    Aliases for exemptions, which take a stay out of the census: `s`, the stay; `o`, its provider, with `licensed_beds`.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that need a bed.
    percent_of_beds : str
        Parameter: patients in a hundred licensed beds up to which nothing is said.
    least_days : str
        Parameter: from how many days beyond it the provider is named.
    """

    family: ClassVar[str] = "actor"
    names_later: ClassVar[bool] = True
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_days_beyond", Unit("day", "days", "天")),
        Measure("most_patients", Unit("patient", "patients", "人")),
        Measure("licensed_beds", Unit("bed", "beds", "张床位")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {
        "s": SETTLEMENT_COLUMNS,
        "o": ("provider_key", "licensed_beds", "provider_type", "specialty", "group_id"),
    }

    encounter_types: tuple[str, ...]
    percent_of_beds: str
    least_days: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Share and days."""
        return (self.percent_of_beds, self.least_days)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits: whole settlements by the share of their nights for which there was no bed.

        Nights are counted from admission to the day before discharge, or to the last that bills anything, where a
        discharge was posted late; patients who came first have the beds. Stays of the months before are found in the
        month in which the days are first many.
        """
        nights = dialect.days_between("s.admit_date", "s.discharge_date")
        percent, days = values[self.percent_of_beds], values[self.least_days]
        return f"""
        with stays as (
          select s.settlement_key, s.settlement_id, s.provider_key, s.person_key, s.month, s.admit_date,
                 s.discharge_date, s.is_dated, s.in_scope, o.licensed_beds, {nights} as nights
          from rule_settlements s
          join sound_providers o on o.provider_key = s.provider_key
          where s.encounter_type in {quoted_list(self.encounter_types)} and s.discharge_date > s.admit_date
            and o.licensed_beds > 0 and s.month <= '{month}' and not {lawful}
        ), span as (
          select provider_key, min(admit_date) as first_day, max(discharge_date) as last_day
          from stays where month = '{month}' group by provider_key
        ), touched as (
          select s.provider_key, s.month, s.licensed_beds, {_each_night("p.first_day", "p.last_day")} as day
          from stays s
          join span p on p.provider_key = s.provider_key
          where s.discharge_date > p.first_day and s.admit_date < p.last_day
        ), suspected as (
          select distinct provider_key from (
            select provider_key from touched group by provider_key, day, licensed_beds
            having {_is_crowded("count(*)", percent)} and max(month) = '{month}'
          ) d
        ), crowding as (
          select * from stays where provider_key in (select provider_key from suspected)
        ), beds as ({days_in_bed("crowding")}
        ), occupied as (
          select s.settlement_key, s.settlement_id, s.provider_key, s.month, s.admit_date, s.licensed_beds,
                 {_each_night("s.admit_date", "s.left_date")} as day
          from (select s.*, b.left_date from crowding s join beds b on b.settlement_key = s.settlement_key) s
        ), crowded as (
          select provider_key, day, count(*) as n_patients,
                 {_is_crowded(f"count(*) filter (month < '{month}')", percent)} as was_crowded
          from occupied group by provider_key, day, licensed_beds having {_is_crowded("count(*)", percent)}
        ), named as (
          select provider_key, count(*) as n_days, max(n_patients) as n_patients,
                 count(*) filter (was_crowded) < {days} as is_first
          from crowded group by provider_key having count(*) >= {days}
        ), ranked as (
          select o.*, row_number() over (
                   partition by o.provider_key, o.day order by o.admit_date, a.admit_time, o.settlement_id) as place
          from sound_settlements a
          join occupied o on o.settlement_key = a.settlement_key
          join crowded c on c.provider_key = o.provider_key and c.day = o.day
          join named n on n.provider_key = o.provider_key
        ), beyond as (
          select settlement_key, count(*) as n_beyond from ranked where place > licensed_beds group by settlement_key
        )
        select s.settlement_key, cast(null as bigint) as line_number, 'violating' as role, s.provider_key,
               cast(null as bigint) as person_key, cast(null as bigint) as practitioner_key,
               s.admit_date as service_date, s.in_scope, b.n_beyond as part, s.nights as whole,
               n.n_days as most_days_beyond, n.n_patients as most_patients, s.licensed_beds
        from stays s
        join beyond b on b.settlement_key = s.settlement_key
        join named n on n.provider_key = s.provider_key
        where s.month = '{month}' or n.is_first
        """


def _each_night(first_day: str, last_day: str) -> str:
    """Return SQL of a row per night of the stay `s` between two days."""
    return f"""cast(unnest(generate_series(
                   cast(greatest(s.admit_date, {first_day}) as timestamp),
                   cast(least(s.discharge_date, {last_day}) as timestamp) - interval 1 day, interval 1 day)) as date)"""


def _is_crowded(n_patients: str, percent: int) -> str:
    """Return the predicate that so many patients pass the margin, and the register of beds is not simply wrong."""
    return f"({n_patients} * 100 > licensed_beds * {percent} and {n_patients} <= licensed_beds * {_REGISTER_IS_WRONG})"
