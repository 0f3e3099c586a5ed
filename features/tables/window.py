"""The tables that features read: facts of a window of months, reversals netted, nothing later than the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    "deductible_amount, month, w"
)


def window_tables(dialect: Dialect, months: Sequence[str]) -> Iterator[Table]:
    """Yield the window's tables from fact views.

    - `money`: one row per settlement as it came, with its sums; sums over it net refunds and reversals.
    - `visits`: one row per settlement that nothing in the window reverses.
    - `stays`: one row per visit with admission and discharge, with the stay of the person before it and the latest
      discharge so far.
    - `people`: one row per person; `provider_people`: one row per provider and person with visits.

    Column `w` counts calendar months back, whether or not the store holds them all: 1 is the month of the profile.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    months : sequence of str
        The window, ascending; the last is the month of the profile.
    """
    back = " ".join(
        f"when {quoted(month)} then {w}"
        for month, w in ((each, months_between(each, months[-1]) + 1) for each in months)
    )
    settlements = f"select f.*, case f.month {back} end as w from settlement_facts f"
    yield Table("money", f"select {_MONEY} from ({settlements}) s")
    days = dialect.days_between("coalesce(v.admit_date, v.start_date)", "coalesce(v.discharge_date, v.end_date)")
    delay = dialect.days_between("coalesce(v.discharge_date, v.end_date)", "v.settle_time")
    yield Table(
        "visits",
        f"""
        select v.*, cast(v.settle_time as date) as day, {dialect.weekday("v.settle_time")} as weekday,
          extract(hour from v.settle_time) as hour, extract(day from v.settle_time) as day_of_month,
          {days} as stay_days, {delay} as delay_days,
          case when v.is_inpatient then greatest({days}, 1) else 1 end as care_days,
          case when p.birth_date is not null
            then {dialect.days_between("p.birth_date", "v.settle_time")} end as age_days,
          case p.gender when 'female' then 1 when 'male' then 0 end as is_female,
          case when p.death_date is not null and p.death_date <= cast(v.settle_time as date)
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
          select 1 from money r where r.is_reversal and r.original_settlement_key = v.settlement_key
        )
        """,
    )
    yield Table(
        "provider_people",
        """
        select provider_key, person_key, count(*) as n_visits,
          cast(sum(fund_paid_amount) as bigint) as fund_paid_amount,
          cast(sum(total_amount) as bigint) as total_amount, min(day) as first_day, max(day) as last_day,
          count(distinct day) as n_days, max(w) as first_w, min(w) as last_w,
          cast(sum(case when w = 1 then 1 else 0 end) as bigint) as n_visits_1m
        from visits group by provider_key, person_key
        """,
    )
    yield Table(
        "people",
        """
        select person_key, count(*) as n_providers, cast(sum(n_visits) as bigint) as n_visits
        from provider_people group by person_key
        """,
    )
    order = "partition by person_key order by admit_date, discharge_date, settlement_key"
    yield Table(
        "stays",
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
