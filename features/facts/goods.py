"""Goods facts: drugs handed out, prescriptions, trace codes sold and delivered, and stock books."""

from features.declare import Fact
from features.engine import quoted_list
from features.vocabulary.care import BED_ENCOUNTERS, BOXED_DRUGS, DRUGS

DRUG_FACT = Fact(
    "drug_facts",
    "One row per settlement outside a stay and drug that it hands out, refunds netted; reversals and what refunds "
    "cancel in full have none.",
    ("settlement_key", "item_key"),
    f"""
    select l.settlement_key, l.item_key, l.provider_key, l.person_key, max(l.item_type) as item_type,
      cast(sum(l.quantity) as bigint) as quantity, cast(sum(l.amount) as bigint) as amount,
      cast(sum(case when l.amount < 0 then -abs(l.days_supply) else l.days_supply end) as bigint) as days_supply,
      max(l.prescription_key) as prescription_key, max(l.prescriber_key) as prescriber_key, l.month
    from claim_lines l join settlements s on s.settlement_key = l.settlement_key
    where l.item_type in {quoted_list(DRUGS)}
      and s.encounter_type not in {quoted_list(BED_ENCOUNTERS)}
      and not coalesce(s.is_reversal, false)
    group by l.settlement_key, l.item_key, l.provider_key, l.person_key, l.month
    having sum(l.quantity) > 0 and sum(l.amount) >= 0
    """,
)
PRESCRIPTION_FACT = Fact(
    "prescription_facts",
    "One row per prescription, in the month of its issue.",
    ("prescription_key",),
    """
    select prescription_key, person_key, issuing_provider_key, prescriber_key, issue_time, channel, dispense_time,
      dispense_settlement_key, month
    from prescriptions
    """,
)
BOX_FACT = Fact(
    "box_facts",
    "One row per trace code, provider and settlement (null where a scan names none) with sales or returns.",
    ("trace_code", "provider_key", "settlement_key"),
    """
    select trace_code, provider_key, settlement_key, min(item_key) as item_key,
      count(case when event_type = 'sale' and not coalesce(is_split_pack, false) then 1 end) as n_sales,
      count(case when event_type = 'sale' and coalesce(is_split_pack, false) then 1 end) as n_part_sales,
      count(case when event_type = 'return' then 1 end) as n_returns, min(event_time) as first_time, month
    from trace_events where event_type in ('sale', 'return')
    group by trace_code, provider_key, settlement_key, month
    """,
)
DELIVERY_FACT = Fact(
    "delivery_facts",
    "One row per trace code and provider it came in at.",
    ("trace_code", "provider_key"),
    """
    select trace_code, provider_key, min(event_time) as first_time, month
    from trace_events where event_type = 'inbound' group by trace_code, provider_key, month
    """,
)
STOCK_FACT = Fact(
    "stock_facts",
    "One row per drug that a provider with books billed or booked: books beside insured sales, refunds netted.",
    ("provider_key", "item_key"),
    f"""
    select coalesce(b.provider_key, s.provider_key) as provider_key, coalesce(b.item_key, s.item_key) as item_key,
      b.opening_quantity, b.purchased_quantity, b.closing_quantity, coalesce(s.quantity, 0) as sold_quantity,
      coalesce(s.amount, 0) as sold_amount, coalesce(b.month, s.month) as month
    from stock_movements b
    full outer join (
      select l.provider_key, l.item_key, cast(sum(l.quantity) as bigint) as quantity,
        cast(sum(l.amount) as bigint) as amount, l.month
      from claim_lines l join (select distinct provider_key from stock_movements) k on k.provider_key = l.provider_key
      where l.item_type in {quoted_list(BOXED_DRUGS)} group by l.provider_key, l.item_key, l.month
    ) s on s.provider_key = b.provider_key and s.item_key = b.item_key and s.month = b.month
    """,
)
