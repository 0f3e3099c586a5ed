"""Practitioner facts: lines by who executed and ordered them, items ordered, and dated operations."""

from features.claims.in_force import in_force, is_in_force
from features.declare import Fact
from features.engine import quoted_list
from features.vocabulary.care import DRUGS

_OF_LINE = (
    "l.settlement_key, l.executor_key, l.prescriber_key, l.item_key, l.charge_category, l.item_type, l.fee_time, "
    "l.month"
)
# Refunds are few: a row more for each refunded line, which takes back what was refunded, is cheaper than a join of all.
_NETTED = f"""
select {_OF_LINE}, l.amount, l.quantity, case when l.amount < 0 then -1 else 1 end as n
from claim_lines l where l.original_line_number is null
union all
select {_OF_LINE}, f.refunded_amount, f.refunded_quantity,
  case when l.amount >= 0 and l.amount + f.refunded_amount <= 0 then -1 else 0 end as n
from claim_lines l join line_refunds f on f.settlement_key = l.settlement_key and f.line_number = l.line_number
where l.original_line_number is null
"""
_HUNDREDTHS = "cast(round(standard_minutes * 100) as bigint) as hundredths"
WORK_FACT = Fact(
    "work_facts",
    "One row per settlement, practitioner whose lines they are (who executed them, else ordered them, else attended), "
    "practitioner who ordered them (else attended) and day. Reversals have none; refunds are netted. Effort is in "
    "ten-thousandths of a hundredth of a minute.",
    ("settlement_key", "practitioner_key", "orderer_key", "day"),
    f"""
    select c.settlement_key, coalesce(c.executor_key, c.orderer_key) as practitioner_key, c.orderer_key, c.day,
      cast(sum(c.n) as bigint) as n_lines,
      cast(sum(case when c.executor_key is null then 0 else c.n end) as bigint) as n_executed,
      cast(sum(c.amount) as bigint) as amount, cast(sum(c.quantity * i.hundredths) as bigint) as effort,
      cast(sum(case when c.item_type in {quoted_list(DRUGS)} then c.amount else 0 end)
        as bigint) as drug_amount,
      cast(sum(case when c.charge_category = 'examination' then c.amount else 0 end) as bigint) as examination_amount,
      cast(sum(case when c.charge_category = 'laboratory' then c.amount else 0 end) as bigint) as laboratory_amount,
      cast(sum(case when c.charge_category = 'treatment' then c.amount else 0 end) as bigint) as treatment_amount,
      cast(sum(case when c.item_type = 'consumable' then c.amount else 0 end) as bigint) as consumable_amount,
      min(c.fee_time) as first_time, max(c.fee_time) as last_time, c.month
    from (
      select l.settlement_key, l.executor_key, coalesce(l.prescriber_key, s.attending_practitioner_key) as orderer_key,
        l.item_key, l.charge_category, l.item_type, l.fee_time, cast(l.fee_time as date) as day, l.month, l.amount,
        l.quantity, l.n
      from ({_NETTED}) l
      join settlements s on s.settlement_key = l.settlement_key
      where not coalesce(s.is_reversal, false)
    ) c
    left join ({in_force("ref_items", "item_key", _HUNDREDTHS, "hundredths > 0")}) i
      on i.item_key = c.item_key and {is_in_force("i", "c.day")}
    where coalesce(c.executor_key, c.orderer_key) is not null
    group by c.settlement_key, coalesce(c.executor_key, c.orderer_key), c.orderer_key, c.day, c.month
    having sum(c.n) > 0
    """,
    registers=("ref_items",),
)
ORDERED_ITEM_FACT = Fact(
    "ordered_item_facts",
    "One row per item and practitioner who ordered it, else attended; refunds and reversals are netted under whom they "
    "name.",
    ("practitioner_key", "item_key"),
    """
    select coalesce(l.prescriber_key, s.attending_practitioner_key) as practitioner_key, l.item_key,
      cast(sum(l.amount) as bigint) as amount, l.month
    from claim_lines l join settlements s on s.settlement_key = l.settlement_key
    where coalesce(l.prescriber_key, s.attending_practitioner_key) is not null
    group by coalesce(l.prescriber_key, s.attending_practitioner_key), l.item_key, l.month
    """,
)
OPERATION_FACT = Fact(
    "operation_facts",
    "One row per settlement, surgeon (else the operating practitioner) and day with dated procedures.",
    ("settlement_key", "practitioner_key", "day"),
    """
    select p.settlement_key, coalesce(p.surgeon_key, s.operating_practitioner_key) as practitioner_key,
      cast(p.procedure_time as date) as day, p.month
    from procedures p join settlements s on s.settlement_key = p.settlement_key
    where p.procedure_time is not null and coalesce(p.surgeon_key, s.operating_practitioner_key) is not null
      and not coalesce(s.is_reversal, false)
    group by p.settlement_key, coalesce(p.surgeon_key, s.operating_practitioner_key), cast(p.procedure_time as date),
      p.month
    """,
)
