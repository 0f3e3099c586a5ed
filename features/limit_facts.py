"""Facts of limits: lines beyond what the catalogue lets an item cost, do or be done with, and beds by number."""

from features.declare import Fact

_EVER = "coalesce(valid_from_date, cast('0001-01-01' as date))"
_RANK = "case {} when 'tertiary' then 3 when 'secondary' then 2 when 'primary' then 1 when 'ungraded' then 1 end"
_CEILING = """
case when o.provider_type in ('retail_pharmacy', 'dual_channel_pharmacy') then i.price_ceiling_pharmacy_amount
  when o.provider_level = 'tertiary' then i.price_ceiling_tertiary_amount
  when o.provider_level = 'secondary' then i.price_ceiling_secondary_amount
  when o.provider_level in ('primary', 'ungraded') then i.price_ceiling_primary_amount end
"""


_FAULTS = {
    "overpriced": f"l.unit_price > {_CEILING}",
    "above_level": f"{_RANK.format('o.provider_level')} < {_RANK.format('i.min_provider_level')}",
}
_COUNTS = ",\n      ".join(
    f"cast(sum(case when {fault} then case when l.amount < 0 then -1 else 1 end else 0 end) as bigint) as n_{name}"
    for name, fault in _FAULTS.items()
)
LIMIT_FACT = Fact(
    "limit_facts",
    "One row per settlement with lines outside a limit of their item, and how many of each; refunds netted.",
    ("settlement_key",),
    f"""
    select l.settlement_key, {_COUNTS}, l.month
    from claim_lines l
    join (
      select r.*, {_EVER} as from_date, coalesce(valid_to_date, cast('9999-12-31' as date)) as to_date,
        lead({_EVER}) over (partition by item_key order by {_EVER}) as next_date
      from ref_items r
    ) i on i.item_key = l.item_key and cast(l.fee_time as date) >= i.from_date
      and cast(l.fee_time as date) <= i.to_date and (i.next_date is null or cast(l.fee_time as date) < i.next_date)
    join providers o on o.provider_key = l.provider_key
    where {" or ".join(f"({fault})" for fault in _FAULTS.values())}
    group by l.settlement_key, l.month
    """,
    registers=("ref_items", "providers"),
)
RESTRICTION_FACT = Fact(
    "restriction_facts",
    "One row per settlement with items for one sex or some ages: the strictest of their limits, refunded ones aside.",
    ("settlement_key",),
    """
    select settlement_key, max(is_female) as has_women_item, 1 - min(is_female) as has_men_item,
      max(min_age_years) as min_age_years, min(max_age_years) as max_age_years, month
    from (
      select l.settlement_key, l.item_key, max(i.is_female) as is_female, max(i.min_age_years) as min_age_years,
        max(i.max_age_years) as max_age_years, l.month
      from claim_lines l
      join (
        select item_key, max(case gender_limit when 'female' then 1 when 'male' then 0 end) as is_female,
          max(min_age_years) as min_age_years, max(max_age_years) as max_age_years
        from ref_items where gender_limit is not null or min_age_years > 0 or max_age_years is not null
        group by item_key
      ) i on i.item_key = l.item_key
      group by l.settlement_key, l.item_key, l.month having sum(l.amount) > 0
    ) d group by settlement_key, month
    """,
    registers=("ref_items",),
)
QUANTITY_FACT = Fact(
    "quantity_facts",
    "One row per settlement with an item beyond what a day can use, or a line can; refunds netted.",
    ("settlement_key",),
    """
    select settlement_key, count(*) as n, month from (
      select l.settlement_key, l.month
      from claim_lines l
      join (
        select item_key, max(max_daily_quantity) as most, max(max_daily_quantity_scope) as scope
        from ref_items where max_daily_quantity > 0 group by item_key
      ) i on i.item_key = l.item_key
      group by l.settlement_key, l.item_key, cast(l.fee_time as date), l.month
      having sum(l.quantity) > max(i.most) * greatest(coalesce(max(l.days_supply), 1), 1)
        and (max(i.scope) <> 'line' or max(l.quantity) > max(i.most) * greatest(coalesce(max(l.days_supply), 1), 1))
    ) d group by settlement_key, month
    """,
    registers=("ref_items",),
)
_PAIRED = """
select l.settlement_key, l.item_key, cast(l.fee_time as date) as day, l.month
from claim_lines l join (
  select item_key from ref_item_pairs union select excluded_item_key from ref_item_pairs
) i on i.item_key = l.item_key
group by l.settlement_key, l.item_key, cast(l.fee_time as date), l.month having sum(l.amount) > 0
"""
PAIR_FACT = Fact(
    "pair_facts",
    "One row per settlement with two items that exclude each other, where no body site can tell them apart.",
    ("settlement_key",),
    f"""
    select a.settlement_key, count(*) as n, a.month
    from ({_PAIRED}) a
    join ref_item_pairs p on p.item_key = a.item_key and not coalesce(p.modifier_allowed, false)
      and a.day >= coalesce(p.valid_from_date, a.day) and a.day <= coalesce(p.valid_to_date, a.day)
    join ({_PAIRED}) b on b.settlement_key = a.settlement_key and b.item_key = p.excluded_item_key
      and (b.day = a.day or p.scope = 'same_encounter')
    group by a.settlement_key, a.month
    """,
    registers=("ref_item_pairs",),
)
BED_FACT = Fact(
    "bed_facts",
    "One row per settlement with an admission and a discharge: its bed, and the hours.",
    ("settlement_key",),
    """
    select settlement_key, department_code, bed_number, admit_time, discharge_time, month from settlements
    where admit_time is not null and discharge_time is not null and not coalesce(is_reversal, false)
    """,
)
SECONDARY_DIAGNOSIS_FACT = Fact(
    "secondary_diagnosis_facts",
    "One row per settlement and secondary diagnosis.",
    ("settlement_key", "diagnosis_key"),
    """
    select settlement_key, diagnosis_key, month from diagnoses where sequence_number > 1
    group by settlement_key, diagnosis_key, month
    """,
)

LIMIT_FACTS = (LIMIT_FACT, RESTRICTION_FACT, QUANTITY_FACT, PAIR_FACT, BED_FACT, SECONDARY_DIAGNOSIS_FACT)
