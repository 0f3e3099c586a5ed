"""Quality facts: settlements with faulty lines, and invoice numbers."""

from features.declare import Fact

# Amount is in minor units, quantity in ten-thousandths, price in millionths; a minor unit either way is rounding.
_IS_MISPRICED = (
    "abs(cast(l.quantity as double) * l.unit_price * coalesce(l.discount_share, 1) / 100000000 - l.amount) > 2"
)
LINE_FAULT_FACT = Fact(
    "line_fault_facts",
    "One row per settlement with faulty lines, and how many of each fault.",
    ("settlement_key",),
    f"""
    select l.settlement_key, count(case when cast(l.fee_time as date) < s.service_start_date
        or cast(l.fee_time as date) > s.service_end_date then 1 end) as n_outside,
      count(case when l.fee_time > s.settle_time then 1 end) as n_after,
      count(case when {_IS_MISPRICED} then 1 end) as n_mispriced,
      count(case when l.item_name is null then 1 end) as n_unnamed,
      count(case when l.amount < 0 and l.original_line_number is null then 1 end) as n_loose_refunds, s.month
    from claim_lines l join settlements s on s.settlement_key = l.settlement_key
    where not coalesce(s.is_reversal, false) and (
      cast(l.fee_time as date) < s.service_start_date or l.fee_time > s.settle_time
      or cast(l.fee_time as date) > s.service_end_date or {_IS_MISPRICED} or l.item_name is null
      or (l.amount < 0 and l.original_line_number is null))
    group by l.settlement_key, s.month
    """,
)
INVOICE_FACT = Fact(
    "invoice_facts",
    "One row per settlement with an invoice number; reversals have none.",
    ("settlement_key",),
    """
    select settlement_key, invoice_number, month from settlements
    where invoice_number is not null and not coalesce(is_reversal, false)
    """,
)
