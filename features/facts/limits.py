"""Limit facts: lines beyond what the catalogue allows of price, level, sex, age, quantity and pairs."""

from features.claims.in_force import in_force, is_in_force
from features.declare import Fact
from features.engine import quoted_list
from features.vocabulary.entities import PHARMACIES

_ITEM_IN_FORCE, _PRICE_IN_FORCE = (is_in_force(version, "cast(l.fee_time as date)") for version in ("i", "c"))
_RANK = "case {} when 'tertiary' then 3 when 'secondary' then 2 when 'primary' then 1 end"
_IS_PHARMACY = f"o.provider_type in {quoted_list(PHARMACIES)}"
# Where a price list of the region has the item it wins; without one, the ungraded have a ceiling only as pharmacies.
_CEILING = f"""
coalesce(c.price_ceiling_amount, case when {_IS_PHARMACY} then i.price_ceiling_pharmacy_amount
  when o.provider_level = 'tertiary' then i.price_ceiling_tertiary_amount
  when o.provider_level = 'secondary' then i.price_ceiling_secondary_amount
  when o.provider_level = 'primary' then i.price_ceiling_primary_amount end)
"""
_FAULTS = {
    "overpriced": f"l.unit_price > {_CEILING}",
    "above_level": f"{_RANK.format('o.provider_level')} < {_RANK.format('i.min_provider_level')}",
}
_COUNTS = ",\n      ".join(
    f"cast(sum(case when {fault} then case when l.amount < 0 then -1 else 1 end else 0 end) as bigint) as n_{name}"
    for name, fault in _FAULTS.items()
)
_CEILINGS = (
    "price_ceiling_tertiary_amount, price_ceiling_secondary_amount, price_ceiling_primary_amount, "
    "price_ceiling_pharmacy_amount"
)
_LIMITS = f"{_CEILINGS}, min_provider_level"
# Most lines cost less than every ceiling their item ever had: only the others are held against the version in force.
_LOWEST = f"""
select item_key, min(lowest_amount) as lowest_amount, max(has_level) as has_level from (
  select item_key, least({_CEILINGS}) as lowest_amount, case when min_provider_level is null then 0 else 1 end
    as has_level from ref_items
  union all select item_key, price_ceiling_amount, 0 as has_level from ref_prices
) v group by item_key
"""
LIMIT_FACT = Fact(
    "limit_facts",
    "One row per settlement with lines above the ceiling of their price or the level of the provider, and how many of "
    "each; refunds netted.",
    ("settlement_key",),
    f"""
    select l.settlement_key, {_COUNTS}, l.month
    from claim_lines l
    join ({_LOWEST}) m on m.item_key = l.item_key and (m.has_level = 1 or l.unit_price > m.lowest_amount)
    join providers o on o.provider_key = l.provider_key
    left join ({in_force("ref_items", "item_key", _LIMITS)}) i on i.item_key = l.item_key and {_ITEM_IN_FORCE}
    left join ({in_force("ref_prices", "item_key, region_code, provider_level", "price_ceiling_amount")}) c
      on c.item_key = l.item_key and c.region_code = o.region_code
      and c.provider_level = case when {_IS_PHARMACY} then 'ungraded' else o.provider_level end and {_PRICE_IN_FORCE}
    where {" or ".join(f"({fault})" for fault in _FAULTS.values())}
    group by l.settlement_key, l.month
    """,
    registers=("ref_items", "ref_prices", "providers"),
)
_IS_RESTRICTED = "is_female >= 0 or min_age_years > 0 or max_age_years >= 0"
_FOR_WHOM = "case gender_limit when 'female' then 1 when 'male' then 0 end as is_female, min_age_years, max_age_years"
RESTRICTION_FACT = Fact(
    "restriction_facts",
    "One row per settlement with items for one sex or some ages: the strictest of their limits, refunded ones aside.",
    ("settlement_key",),
    f"""
    select settlement_key, max(is_female) as has_women_item, 1 - min(is_female) as has_men_item,
      max(min_age_years) as min_age_years, min(max_age_years) as max_age_years, month
    from (
      select l.settlement_key, l.item_key, max(i.is_female) as is_female, max(i.min_age_years) as min_age_years,
        max(i.max_age_years) as max_age_years, l.month
      from claim_lines l
      join ({in_force("ref_items", "item_key", _FOR_WHOM, _IS_RESTRICTED)}) i
        on i.item_key = l.item_key and {_ITEM_IN_FORCE}
      group by l.settlement_key, l.item_key, l.month having sum(l.amount) > 0
    ) d group by settlement_key, month
    """,
    registers=("ref_items",),
)
_DAILY = (
    "max_daily_quantity, case when coalesce(max_daily_quantity_scope, 'day') = 'day' then 1 else 0 end as is_for_day"
)
QUANTITY_FACT = Fact(
    "quantity_facts",
    "One row per settlement with an item beyond the quantity for a day, or for a line where the limit says so; refunds "
    "netted. What a patient has elsewhere on the day does not count against the provider.",
    ("settlement_key",),
    f"""
    select settlement_key, count(*) as n, month from (
      select l.settlement_key, l.month
      from claim_lines l
      join ({in_force("ref_items", "item_key", _DAILY, "max_daily_quantity > 0")}) i
        on i.item_key = l.item_key and {_ITEM_IN_FORCE}
      group by l.settlement_key, l.item_key, cast(l.fee_time as date), l.month
      having sum(l.quantity) > max(i.max_daily_quantity)
        and (max(i.is_for_day) = 1 or max(l.quantity) > max(i.max_daily_quantity))
    ) d group by settlement_key, month
    """,
    registers=("ref_items",),
)
_PAIRED = """
select l.settlement_key, l.person_key, l.provider_key, l.item_key, l.body_site, cast(l.fee_time as date) as day, l.month
from claim_lines l join (
  select item_key from ref_item_pairs union select excluded_item_key from ref_item_pairs
) i on i.item_key = l.item_key
group by l.settlement_key, l.person_key, l.provider_key, l.item_key, l.body_site, cast(l.fee_time as date), l.month
having sum(l.amount) > 0
"""
PAIR_FACT = Fact(
    "pair_facts",
    "One row per settlement with an item that another excludes, and settlement with the other: the same one, or of the "
    "person's day at the provider. Differing body sites are lawful where the pair says so.",
    ("settlement_key", "other_settlement_key"),
    f"""
    with paired as ({_PAIRED})
    select b.settlement_key, a.settlement_key as other_settlement_key, count(*) as n, b.month
    from paired a
    join ref_item_pairs p on p.item_key = a.item_key
      and a.day >= coalesce(p.valid_from_date, a.day) and a.day <= coalesce(p.valid_to_date, a.day)
    join paired b on b.person_key = a.person_key and b.provider_key = a.provider_key
      and b.item_key = p.excluded_item_key
      and case when p.scope = 'same_encounter' then b.settlement_key = a.settlement_key else b.day = a.day end
    where not coalesce(p.modifier_allowed, false) or coalesce(a.body_site, '') = coalesce(b.body_site, '')
    group by b.settlement_key, a.settlement_key, b.month
    """,
    registers=("ref_item_pairs",),
)
