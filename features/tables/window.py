"""Window tables that all others start from: settlements as they came, visits, patients and stays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.quality.orders import sound
from features.declare import Table
from features.engine import quoted
from features.vocabulary.months import months_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.engine import Dialect

# What is said of every settlement, reversed or not; the rest is said of visits only.
_MONEY = (
    "settlement_key, original_settlement_key, is_reversal, is_inpatient, provider_key, person_key, "
    "attending_practitioner_key, total_amount, fund_paid_amount, account_paid_amount, cash_paid_amount, "
    "deductible_amount, month, months_back"
)
_PEOPLE = Table(
    "people",
    "One row per person with visits.",
    """
    select person_key, count(*) as n_providers, cast(sum(n_visits) as bigint) as n_visits
    from provider_people group by person_key
    """,
)


def window_tables(dialect: Dialect, months: Sequence[str]) -> Iterator[Table]:
    """Yield the tables that all others start from, made of the settlement facts of a window.

    Column `months_back` counts calendar months, whether or not the store holds them all: 1 is the month of the
    profile.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    months : sequence of str
        The window, ascending; the last is the month of the profile.

    Examples
    --------
    >>> from features.engine import DuckDBDialect
    >>> for table in window_tables(DuckDBDialect(), ["2026-01", "2026-03"]):
    ...     print(f"{table.name}: {table.grain}")
    money: One row per settlement as it came; sums over it net refunds and reversals.
    visits: One row per settlement that nothing in the window reverses in full.
    provider_people: One row per provider and person with visits, with the days from the first to the last.
    people: One row per person with visits.
    stays: One row per visit with admission and discharge, with the person's stay before it and the latest discharge.
    """
    settlements = _settlements(months)
    yield _money(settlements)
    yield _visits(settlements, dialect)
    yield _provider_people(dialect)
    yield _PEOPLE
    yield _stays(dialect)


def _settlements(months: Sequence[str]) -> str:
    """Settlement facts with how many months back each lies."""
    back = " ".join(
        f"when {quoted(month)} then {number}"
        for month, number in ((each, months_between(each, months[-1]) + 1) for each in months)
    )
    return f"select f.*, case f.month {back} end as months_back from settlement_facts f"


def _money(settlements: str) -> Table:
    return Table(
        "money",
        "One row per settlement as it came; sums over it net refunds and reversals.",
        f"select {_MONEY} from ({settlements}) s",
    )


def _visits(settlements: str, dialect: Dialect) -> Table:
    days = dialect.days_between("coalesce(v.admit_date, v.start_date)", "coalesce(v.discharge_date, v.end_date)")
    delay = dialect.days_between("coalesce(v.discharge_date, v.end_date)", "v.settle_time")
    return Table(
        "visits",
        "One row per settlement that nothing in the window reverses in full.",
        f"""
        select v.*, cast(v.settle_time as date) as day, {dialect.weekday("v.settle_time")} as weekday,
          extract(hour from v.settle_time) as hour, extract(day from v.settle_time) as day_of_month,
          {days} as stay_days, {delay} as delay_days,
          case when v.is_inpatient then greatest({days}, 1) else 1 end as care_days,
          case when p.birth_date is not null
            then {dialect.days_between("p.birth_date", "v.settle_time")} end as age_days,
          case p.gender when 'female' then 1 when 'male' then 0 end as is_female,
          case when {sound("persons", "death_date", "p")} <= cast(v.settle_time as date)
            then 1 else 0 end as is_dead,
          case when p.chronic_condition_codes is null then 0
            else length(p.chronic_condition_codes) - length(replace(p.chronic_condition_codes, '|', '')) + 1
          end as n_chronic,
          substr(c.diagnosis_code, 1, 3) as diagnosis_group, substr(c.diagnosis_code, 1, 1) as diagnosis_chapter,
          p.home_region_code, p.township_code
        from ({settlements}) v
        left join persons p on p.person_key = v.person_key
        left join codes_diagnosis c on c.diagnosis_key = v.principal_diagnosis_key
        where not v.is_reversal and not exists (
          select 1 from (
            select original_settlement_key, sum(total_amount) as total_amount from money where is_reversal
            group by original_settlement_key
          ) r where r.original_settlement_key = v.settlement_key and v.total_amount + r.total_amount <= 0
        )
        """,
    )


def _provider_people(dialect: Dialect) -> Table:
    return Table(
        "provider_people",
        "One row per provider and person with visits, with the days from the first to the last.",
        f"""
        select provider_key, person_key, count(*) as n_visits,
          cast(sum(fund_paid_amount) as bigint) as fund_paid_amount,
          cast(sum(total_amount) as bigint) as total_amount, min(day) as first_day, max(day) as last_day,
          {dialect.days_between("min(day)", "max(day)")} as span_days,
          count(distinct day) as n_days, max(months_back) as first_months_back, min(months_back) as last_months_back,
          cast(sum(case when months_back = 1 then 1 else 0 end) as bigint) as n_visits_1m
        from visits group by provider_key, person_key
        """,
    )


def _stays(dialect: Dialect) -> Table:
    order = "partition by person_key order by admit_date, discharge_date, settlement_key"
    return Table(
        "stays",
        "One row per visit with admission and discharge, with the person's stay before it and the latest discharge.",
        f"""
        select s.*, {dialect.days_between("previous_discharge", "admit_date")} as gap_days from (
          select v.*, max(discharge_date) over ({order} rows between unbounded preceding and 1 preceding)
              as previous_discharge,
            lag(provider_key) over ({order}) as previous_provider_key,
            lag(diagnosis_group) over ({order}) as previous_diagnosis_group,
            {dialect.weekday("admit_date")} as admit_weekday
          from visits v where is_inpatient and admit_date is not null and discharge_date is not null
        ) s
        """,
    )
