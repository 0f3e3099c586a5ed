"""Tables about tiered care: what came before a visit, referrals, family-doctor contracts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.declare import Table
from features.engine import quoted_list
from features.vocabulary.care import PRIMARY_CARE
from features.vocabulary.entities import PHARMACIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import Dialect

_IS_PRIMARY = f"(o.provider_level = 'primary' or o.provider_type in {quoted_list(PRIMARY_CARE)})"
# Who signed less than two months ago had no reason to come yet.
_SETTLED_DAYS = 60


def tiered_care_tables(dialect: Dialect) -> Iterator[Table]:
    """Yield the tables about tiered care from the window's tables and registers.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    """
    yield _care_visits(dialect)
    yield _issued_referrals(dialect)
    yield _panel(dialect)


def _care_visits(dialect: Dialect) -> Table:
    before = "partition by person_key order by start_date, settle_time, settlement_key"
    before += " rows between unbounded preceding and 1 preceding"
    return Table(
        "care_visits",
        "One row per visit that is no purchase at a pharmacy, with the days since the person's visit before it and "
        "since the one before it at primary care; `is_known` says that the window reaches a month further back.",
        f"""
        select v.*, case when v.months_back < k.oldest then true else false end as is_known,
          {dialect.days_between("previous_date", "start_date")} as days_since_any,
          {dialect.days_between("previous_primary_date", "start_date")} as days_since_primary
        from (
          select c.*, max(end_date) over ({before}) as previous_date,
            max(case when is_primary = 1 then end_date end) over ({before}) as previous_primary_date
          from (
            select v.settlement_key, v.provider_key, v.person_key, v.encounter_type, v.referral_id, v.has_department,
              v.total_amount, v.n_diagnoses, v.months_back, v.start_date, v.end_date, v.settle_time, o.provider_level,
              case when {_IS_PRIMARY} then 1 else 0 end as is_primary
            from visits v join providers o on o.provider_key = v.provider_key
            where o.provider_type not in {quoted_list(PHARMACIES)}
          ) c
        ) v cross join (select max(months_back) as oldest from visits) k
        """,
    )


def _issued_referrals(dialect: Dialect) -> Table:
    return Table(
        "issued_referrals",
        "One row per referral of the window, with whether the person came to where it names afterwards.",
        f"""
        select r.referral_id, r.person_key, r.from_provider_key, r.to_provider_key, r.direction, r.month,
          case when exists (
            select 1 from care_visits v where v.person_key = r.person_key and v.provider_key = r.to_provider_key
              and v.end_date >= cast(r.issue_time as date)
          ) then 1 else 0 end as is_followed,
          case when {dialect.days_between("r.issue_time", "k.last_day")} >= 30 then 1 else 0 end as is_old
        from referrals r cross join (select max(day) as last_day from visits) k
        """,
    )


def _panel(dialect: Dialect) -> Table:
    return Table(
        "panel",
        "One row per provider and person under a family-doctor contract there that began at least sixty days before "
        "the window's last day and ran in the window, with the person's visits there and anywhere, purchases left out, "
        "and the number of providers that hold such a contract of the person.",
        f"""
        select c.provider_key, c.person_key, c.start_date, coalesce(h.n, 0) as n_here, coalesce(a.n, 0) as n_care,
          count(*) over (partition by c.person_key) as n_contracts
        from (
          select f.provider_key, f.person_key, min(f.start_date) as start_date, max(k.last_day) as last_day
          from family_doctor_contracts f
          cross join (select max(day) as last_day, min(day) as first_day from visits) k
          left join persons p on p.person_key = f.person_key
          where f.start_date <= k.last_day and (f.end_date is null or f.end_date >= k.first_day)
            and (p.death_date is null or p.death_date >= k.first_day)
          group by f.provider_key, f.person_key
        ) c
        left join (
          select provider_key, person_key, count(*) as n from care_visits group by provider_key, person_key
        ) h on h.provider_key = c.provider_key and h.person_key = c.person_key
        left join (
          select person_key, count(*) as n from care_visits group by person_key
        ) a on a.person_key = c.person_key
        where {dialect.days_between("c.start_date", "c.last_day")} >= {_SETTLED_DAYS}
        """,
    )
