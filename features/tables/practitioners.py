"""Tables about practitioners: work, days and moves, visits and patients, relatives, prescriptions, operations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.quality.orders import sound
from features.declare import Table
from features.engine import quoted_list
from features.vocabulary.entities import PHARMACIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import Dialect

# A telephone number or an address of more insured persons is a dummy, a home or a barracks and makes no family.
_LARGEST_FAMILY = 12
# Effort is kept in ten-thousandths of a hundredth of a minute.
EFFORT_PER_MINUTE = 1_000_000
# A pharmacy only fills what was ordered elsewhere, and standing orders of a ward ask for nobody's presence.
_WORK = Table(
    "work",
    "One row per practitioner, visit and day with lines of the practitioner. `is_present` says that the day was spent "
    "there: a line was executed, or care outside a stay ordered, and not at a pharmacy. `effort` is missing where "
    "lines of several days were posted on one.",
    f"""
    select f.settlement_key, f.practitioner_key, f.day, f.n_lines, f.amount, f.first_time, f.last_time,
      extract(hour from f.first_time) as hour, v.provider_key, v.person_key, v.is_inpatient, v.months_back,
      case when v.service_days > 1 or v.start_date = v.end_date then f.effort end as effort,
      case when o.provider_key is null and (f.n_executed > 0 or not v.is_inpatient) then true else false
        end as is_present
    from (
      select settlement_key, practitioner_key, day, cast(sum(n_lines) as bigint) as n_lines,
        cast(sum(n_executed) as bigint) as n_executed, cast(sum(amount) as bigint) as amount,
        cast(sum(effort) as bigint) as effort, min(first_time) as first_time, max(last_time) as last_time
      from work_facts group by settlement_key, practitioner_key, day
    ) f
    join visits v on v.settlement_key = f.settlement_key
    left join providers o on o.provider_key = v.provider_key and o.provider_type in {quoted_list(PHARMACIES)}
    """,
)
_OPERATIONS = Table(
    "operations",
    "One row per operating practitioner, visit and day.",
    """
    select f.practitioner_key, f.settlement_key, f.day
    from operation_facts f join visits v on v.settlement_key = f.settlement_key
    """,
)
_PRACTICE_VISITS = Table(
    "practice_visits",
    "One row per practitioner and visit that the practitioner attended, operated or has lines of.",
    """
    select p.practitioner_key, p.n_lines, p.amount, p.is_attending, v.settlement_key, v.provider_key, v.person_key,
      v.day, v.months_back, v.is_inpatient, v.fund_paid_amount, v.n_diagnoses, v.diagnosis_group, v.township_code,
      v.home_region_code, v.insured_region_code, v.care_region_code
    from (
      select practitioner_key, settlement_key, cast(sum(n_lines) as bigint) as n_lines,
        cast(sum(amount) as bigint) as amount, max(is_attending) as is_attending
      from (
        select practitioner_key, settlement_key, n_lines, amount, 0 as is_attending from work
        union all
        select attending_practitioner_key, settlement_key, 0, 0, 1 from visits
        where attending_practitioner_key is not null
        union all
        select operating_practitioner_key, settlement_key, 0, 0, 0 from visits
        where operating_practitioner_key is not null
        union all
        select practitioner_key, settlement_key, 0, 0, 0 from operations
      ) a group by practitioner_key, settlement_key
    ) p join visits v on v.settlement_key = p.settlement_key
    """,
)


def _kin_by(column: str) -> str:
    """Insured persons who share a column with a practitioner, where no more than a family do."""
    return f"""
    select r.practitioner_key, b.person_key from practitioners r
    join persons a on a.person_key = r.person_key join persons b on b.{column} = a.{column}
    where a.{column} in (
      select {column} from persons group by {column} having count(*) <= {_LARGEST_FAMILY}
    )
    """


_KIN = Table(
    "kin",
    "One row per practitioner who is known as an insured person and person on record under the same address or "
    "telephone number, the practitioner too; what more than twelve persons share makes no family.",
    f"""
    select practitioner_key, person_key from practitioners where person_key is not null
    union {_kin_by("address_hash")} union {_kin_by("phone_hash")}
    """,
)
_WRITTEN = Table(
    "written",
    "One row per prescription that a visit of the window fills, with who wrote it.",
    """
    select f.prescriber_key as practitioner_key, f.person_key, f.provider_key, f.is_pharmacy, f.wait_seconds,
      f.has_visit, f.channel, cast(f.issue_time as date) as day,
      case when r.provider_key is null then null when r.provider_key = f.issuing_provider_key then 0 else 1
        end as is_elsewhere
    from fills f left join practitioners r on r.practitioner_key = f.prescriber_key
    where f.prescriber_key is not null
    """,
)


def practitioner_tables(dialect: Dialect) -> Iterator[Table]:
    """Yield the tables about practitioners from their facts, the window's tables and registers.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    """
    yield _WORK
    yield _moves(dialect)
    yield _work_days(dialect)
    yield _OPERATIONS
    yield _PRACTICE_VISITS
    yield _KIN
    yield _practice_people(dialect)
    yield _WRITTEN


def _practice_people(dialect: Dialect) -> Table:
    return Table(
        "practice_people",
        "One row per practitioner and person in practice_visits, with whether the person is kin or works at the "
        "practitioner's place, and with the days from the first to the last.",
        f"""
        select p.*, o.n_attending, case when r.person_key is null then null when k.person_key is null then 0 else 1
            end as is_kin,
          case when exists (
            select 1 from practitioners c where c.provider_key = r.provider_key and c.person_key = p.person_key
              and c.practitioner_key <> p.practitioner_key
          ) then 1 else 0 end as is_staff
        from (
          select practitioner_key, person_key, cast(sum(n) as bigint) as n_visits, count(*) as n_days,
            {dialect.days_between("min(day)", "max(day)")} as span_days,
            max(is_attending) as is_attending, cast(sum(amount) as bigint) as amount
          from (
            select practitioner_key, person_key, day, count(*) as n, max(is_attending) as is_attending,
              cast(sum(amount) as bigint) as amount
            from practice_visits group by practitioner_key, person_key, day
          ) d group by practitioner_key, person_key
        ) p
        left join (
          select person_key, count(distinct practitioner_key) as n_attending from practice_visits
          where is_attending = 1 group by person_key
        ) o on o.person_key = p.person_key
        left join practitioners r on r.practitioner_key = p.practitioner_key
        left join kin k on k.practitioner_key = p.practitioner_key and k.person_key = p.person_key
        """,
    )


def _moves(dialect: Dialect) -> Table:
    order = "partition by practitioner_key, day order by first_time, settlement_key"
    gap = dialect.seconds_between(f"lag(last_time) over ({order})", "first_time")
    return Table(
        "moves",
        "One row per row of work present outside a stay, with the place before it on the day; consultations of "
        "internet hospitals need no road and are left out.",
        f"""
        select w.practitioner_key, w.provider_key, lag(w.provider_key) over ({order}) as previous_provider_key,
          {gap} as gap_seconds, w.hour
        from work w left join providers o on o.provider_key = w.provider_key
        where w.is_present and not w.is_inpatient and coalesce(o.provider_type, 'other') <> 'internet_hospital'
        """,
    )


def _work_days(dialect: Dialect) -> Table:
    day_number = dialect.days_between("cast('2000-01-01' as date)", "d.day")
    starts, ends = (sound("practitioners", f"licence_{each}_date", "r") for each in ("start", "end"))
    return Table(
        "work_days",
        "One row per practitioner and day present, with the practitioner's licence, own stays and death.",
        f"""
        select d.*, {dialect.weekday("d.day")} as weekday, {day_number} as day_number,
          {day_number} - row_number() over (partition by d.practitioner_key order by d.day) as run_number,
          case when d.day < {starts} or d.day > {ends} then 1
            when coalesce({starts}, {ends}) is not null then 0 end as is_unlicensed,
          case when r.person_key is null then null when s.day is null then 0 else 1 end as is_in_own_stay,
          case when r.person_key is null then null when {sound("persons", "death_date", "p")} < d.day then 1 else 0
            end as is_after_death
        from (
          select practitioner_key, day, count(distinct person_key) as n_persons,
            count(distinct provider_key) as n_sites, cast(sum(effort) as bigint) as effort
          from work where is_present group by practitioner_key, day
        ) d
        left join practitioners r on r.practitioner_key = d.practitioner_key
        left join persons p on p.person_key = r.person_key
        left join (
          select distinct w.practitioner_key, w.day from work w
          join practitioners q on q.practitioner_key = w.practitioner_key
          join stays a on a.person_key = q.person_key and a.admit_date < w.day and a.discharge_date > w.day
          where w.is_present
        ) s on s.practitioner_key = d.practitioner_key and s.day = d.day
        """,
    )
