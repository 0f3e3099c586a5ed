"""Tables about drugs handed out: drug lines, prices and sales over the counter, filled prescriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.in_force import in_force, is_in_force
from features.declare import Table
from features.engine import quoted_list
from features.vocabulary.entities import PHARMACIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import Dialect

_IS_PHARMACY = f"o.provider_type in {quoted_list(PHARMACIES)}"
# Twenty kilometres; a degree of latitude is 111.2 km long.
_IS_FAR = """
case when i.longitude is null or i.latitude is null or o.longitude is null or o.latitude is null then null
  when power((i.latitude - o.latitude) * 1112 / 10, 2)
    + power((i.longitude - o.longitude) * cos(radians(o.latitude)) * 1112 / 10, 2) > 400 then 1 else 0 end
"""
_TERMS = """
max_fill_quantity, max_course_days, coalesce(is_sentinel_drug, false) as is_sentinel_drug,
  coalesce(is_brand, false) as is_brand, case when is_controlled is null then false else true end as is_controlled
"""


def dispensing_tables(dialect: Dialect) -> Iterator[Table]:
    """Yield the tables about drugs from drug and prescription facts and the window's tables.

    Parameters
    ----------
    dialect : Dialect
        Of the engine.
    """
    yield _drug_lines(dialect)
    yield _counter_prices(dialect)
    yield _counter_sales(dialect)
    yield _fills(dialect)


def _drug_lines(dialect: Dialect) -> Table:
    gap = dialect.days_between("previous_day", "day")
    earlier = "partition by person_key, item_key, has_supply order by day, settlement_key"
    return Table(
        "drug_lines",
        "One row per visit outside a stay and drug it hands out, with what the catalogue of its day says and the "
        "person's fill of the same drug before it, wherever that was.",
        f"""
        select l.*, case when has_supply then {gap} end as gap_days from (
          select d.*, lag(day) over ({earlier}) as previous_day,
            lag(days_supply) over ({earlier}) as previous_days_supply,
            lag(provider_key) over ({earlier}) as previous_provider_key
          from (
            select f.settlement_key, f.item_key, f.provider_key, f.person_key, f.item_type, f.quantity, f.amount,
              f.days_supply, f.prescription_key, f.prescriber_key, v.day, v.months_back,
              case when f.days_supply > 0 then true else false end as has_supply,
              i.is_sentinel_drug, i.is_brand, i.is_controlled, i.max_fill_quantity, i.max_course_days,
              case when o.provider_key is null then false else true end as is_pharmacy
            from drug_facts f join visits v on v.settlement_key = f.settlement_key
            left join ({in_force("ref_items", "item_key", _TERMS)}) i
              on i.item_key = f.item_key and {is_in_force("i", "v.day")}
            left join providers o on o.provider_key = f.provider_key and {_IS_PHARMACY}
          ) d
        ) l
        """,
    )


def _counter_prices(dialect: Dialect) -> Table:
    price = dialect.quantile("cast(amount as double) / quantity", 0.5)
    return Table(
        "counter_prices",
        "One row per drug that pharmacies sell, with its median price in minor units per ten-thousandth.",
        f"select item_key, {price} as price from drug_lines where is_pharmacy group by item_key",
    )


def _counter_sales(dialect: Dialect) -> Table:
    epoch = "cast('2000-01-01 00:00:00' as timestamp)"
    midnight = "cast(v.day as timestamp)"
    return Table(
        "counter_sales",
        "One row per visit to a pharmacy, with its basket as three numbers: equal baskets, equal numbers.",
        f"""
        select v.settlement_key, v.provider_key, v.person_key, v.day, v.months_back, v.hour, v.age_days, v.total_amount,
          v.account_paid_amount, v.mutual_aid_paid_amount, v.credential_type, v.terminal_id, v.operator_id,
          v.is_proxy_purchase, v.is_near_cap, v.home_region_code, o.region_code,
          {dialect.days_between(epoch, "v.day")} as day_number,
          {dialect.seconds_between(epoch, "v.settle_time")} as moment,
          {dialect.seconds_between(midnight, "v.settle_time")} as second_of_day,
          coalesce(b.n_items, 0) as n_items, b.item_sum, b.item_squares, b.n_prescription_items
        from visits v
        join providers o on o.provider_key = v.provider_key and {_IS_PHARMACY}
        left join (
          select settlement_key, count(*) as n_items, cast(sum(item_key) as bigint) as item_sum,
            cast(sum(item_key * item_key) as bigint) as item_squares, count(prescription_key) as n_prescription_items
          from drug_lines where is_pharmacy group by settlement_key
        ) b on b.settlement_key = v.settlement_key
        """,
    )


def _fills(dialect: Dialect) -> Table:
    by_prescriber = "partition by p.issuing_provider_key, p.prescriber_key order by p.issue_time, p.prescription_key"
    return Table(
        "fills",
        "One row per prescription that a visit of the window fills, with who issued it, how long before, whether the "
        "issuer saw the person, and how many prescriptions its prescriber has in the window and at the filler.",
        f"""
        select f.*, case when f.prescriber_key is null then null
            else count(*) over (partition by f.prescriber_key) end as n_of_prescriber,
          count(*) over (partition by f.prescriber_key, f.provider_key) as n_of_pair,
          case when exists (
            select 1 from visits v where v.person_key = f.person_key and v.provider_key = f.issuing_provider_key
              and v.start_date <= cast(f.issue_time as date) and v.end_date >= cast(f.issue_time as date)
          ) then 1 else 0 end as has_visit
        from (
          select p.prescription_key, p.person_key, p.issuing_provider_key, p.prescriber_key, p.issue_time, p.channel,
            v.provider_key, v.person_key as buyer_key, v.total_amount, v.months_back,
            {dialect.seconds_between("p.issue_time", "coalesce(p.dispense_time, v.settle_time)")} as wait_seconds,
            p.since_previous_seconds, {_IS_FAR} as is_far,
            case when {_IS_PHARMACY} then true else false end as is_pharmacy
          from (
            select p.*, {dialect.seconds_between(f"lag(p.issue_time) over ({by_prescriber})", "p.issue_time")}
              as since_previous_seconds from prescription_facts p
          ) p
          join visits v on v.settlement_key = p.dispense_settlement_key
          left join providers o on o.provider_key = v.provider_key
          left join providers i on i.provider_key = p.issuing_provider_key
        ) f
        """,
    )
