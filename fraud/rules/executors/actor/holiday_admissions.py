"""Admissions of a holiday far beyond those of the same weekday."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from features.engine.dialect import quoted_list
from fraud.rules.declare.executor import check_encounter_types
from fraud.rules.declare.numbers import Measure, Unit
from fraud.rules.relations.base import SETTLEMENT_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine.dialect import Dialect


@dataclass(frozen=True)
class HolidayAdmissions:
    """Stays that begin on a holiday at a provider that admits, that day, far more than on the same weekday.

    Aliases for exemptions, which take a stay out of the count: `s`, the stay.

    Parameters
    ----------
    encounter_types : tuple of str
        Kinds of care that are stays.
    deviations : str
        Parameter: standard deviations above the mean of the weekday.
    least_admissions : str
        Parameter: from how many a day the provider is named.
    region_percent : str
        Parameter: admissions of the region's other providers that day, in a hundred of what is usual, above which the
        day explains it: an epidemic.
    """

    family: ClassVar[str] = "actor"
    measures: ClassVar[tuple[Measure, ...]] = (
        Measure("most_admissions", Unit("admission", "admissions", "人次入院")),
        Measure("usual_admissions", Unit("admission", "admissions", "人次入院")),
    )
    aliases: ClassVar[Mapping[str, tuple[str, ...]]] = {"s": SETTLEMENT_COLUMNS}

    encounter_types: tuple[str, ...]
    deviations: str
    least_admissions: str
    region_percent: str

    def __post_init__(self) -> None:
        check_encounter_types("encounter_types", self.encounter_types)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """Deviations, admissions, share."""
        return (self.deviations, self.least_admissions, self.region_percent)

    @property
    def together(self) -> tuple[str, ...]:
        """Claims of one provider; those of its region are read from all of the window."""
        return ("provider_key",)

    def sql(self, dialect: Dialect, month: str, values: Mapping[str, int], lawful: str) -> str:
        """Return hits: whole settlements of the month by the share of the day's admissions beyond the usual."""
        stays = f"encounter_type in {quoted_list(self.encounter_types)} and admit_date is not null"
        weekday = dialect.weekday("a.day")
        return f"""
        with stays as (
          select s.* from rule_settlements s where {stays} and not {lawful}
        ), span as (
          select min(admit_date) as first_day, max(admit_date) as last_day from window_settlements where {stays}
        ), calendar as (
          select cast(unnest(generate_series(cast(first_day as timestamp), cast(last_day as timestamp),
                                             interval 1 day)) as date) as day
          from span
        ), numbered as (
          select a.day, {weekday} as weekday, h.date is not null as is_holiday
          from calendar a left join ref_holidays h on h.date = a.day
        ), wanted as (
          select provider_key, admit_date as day from stays
          where admit_date in (select date from ref_holidays)
          group by provider_key, admit_date
          having count(*) >= {values[self.least_admissions]} and max(month) = '{month}'
        ), daily as (
          select w.provider_key, n.day, n.weekday, count(s.settlement_key) as n_admitted
          from (select distinct provider_key from wanted) w
          cross join numbered n
          left join stays s on s.provider_key = w.provider_key and s.admit_date = n.day
          where not n.is_holiday
          group by w.provider_key, n.day, n.weekday
        ), usual as (
          select provider_key, weekday, avg(n_admitted) as mean,
                 greatest(stddev_pop(n_admitted), sqrt(avg(n_admitted))) as deviation
          from daily group by provider_key, weekday
        ), {self._region(stays)}
        , peaks as (
          select w.provider_key, w.day, count(*) as n_admitted, cast(ceil(u.mean) as bigint) as n_usual
          from wanted w
          join stays s on s.provider_key = w.provider_key and s.admit_date = w.day
          join numbered n on n.day = w.day
          join usual u on u.provider_key = w.provider_key and u.weekday = n.weekday
          left join sound_providers p on p.provider_key = w.provider_key
          left join others o on o.region_code = p.region_code and o.day = w.day
          left join region_usual r on r.region_code = p.region_code and r.weekday = n.weekday
          group by w.provider_key, w.day, u.mean, u.deviation
          having count(*) > u.mean + {values[self.deviations]} * u.deviation
            and not coalesce((max(o.n_admitted) - count(*)) * 100
                             > (max(r.mean) - u.mean) * {values[self.region_percent]}, false)
        )
        select s.settlement_key, cast(null as bigint) as line_number,
               case when s.month = '{month}' then 'violating' else 'involved' end as role, s.provider_key,
               cast(null as bigint) as person_key, cast(null as bigint) as practitioner_key,
               s.admit_date as service_date, s.in_scope, p.n_admitted - p.n_usual as part, p.n_admitted as whole,
               p.n_admitted as most_admissions, p.n_usual as usual_admissions
        from stays s join peaks p on p.provider_key = s.provider_key and p.day = s.admit_date
        """

    @staticmethod
    def _region(stays: str) -> str:
        """Return SQL of `others` and `region_usual`: admissions of all providers, by region and day."""
        return f"""
        others as (
          select v.region_code, n.day, n.weekday, n.is_holiday, count(s.settlement_key) as n_admitted
          from numbered n
          cross join (select distinct region_code from sound_providers where region_code is not null) v
          left join (
            select s.settlement_key, s.admit_date, p.region_code
            from window_settlements s join sound_providers p on p.provider_key = s.provider_key
            where {stays}
          ) s on s.region_code = v.region_code and s.admit_date = n.day
          group by v.region_code, n.day, n.weekday, n.is_holiday
        ), region_usual as (
          select region_code, weekday, avg(n_admitted) as mean from others where not is_holiday
          group by region_code, weekday
        )"""
