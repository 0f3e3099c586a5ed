"""Tables about time: a provider's days, and the gaps between the visits to a practitioner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.declare import Table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import Dialect

_A_MONDAY = "cast('2000-01-03' as date)"


def day_tables(dialect: Dialect) -> Iterator[Table]:
    """Yield the tables about time from the window's tables.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    """
    yield _provider_days(dialect)
    yield _consultations(dialect)


def _provider_days(dialect: Dialect) -> Table:
    return Table(
        "provider_days",
        "One row per provider and day with visits, with the days since the one before it.",
        f"""
        select d.*, floor(cast({dialect.days_between(_A_MONDAY, "d.day")} as double) / 7) as week,
          {dialect.days_between("previous_day", "d.day")} as pause_days,
          case when h.date is null then 0 else 1 end as is_holiday
        from (
          select provider_key, day, max(weekday) as weekday, count(*) as n,
            lag(day) over (partition by provider_key order by day) as previous_day
          from visits group by provider_key, day
        ) d left join ref_holidays h on h.date = d.day
        """,
    )


def _consultations(dialect: Dialect) -> Table:
    return Table(
        "consultations",
        "One row per visit outside a stay with an attending practitioner, with the seconds since the practitioner's "
        "one before it there, and whether that was another person's.",
        f"""
        select provider_key, hour, case when previous_person_key = person_key then 0 else 1 end as is_other,
          {dialect.seconds_between("previous_time", "settle_time")} as gap_seconds
        from (
          select provider_key, person_key, hour, settle_time, lag(settle_time) over w as previous_time,
            lag(person_key) over w as previous_person_key
          from visits where attending_practitioner_key is not null and not is_inpatient
          window w as (partition by provider_key, attending_practitioner_key order by settle_time, settlement_key)
        ) v
        """,
    )
