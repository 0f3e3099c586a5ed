"""Facts of practitioners: whose each line is, what it took of a day, who ordered it and who operated."""

from features.declare import Fact

# What is left of each line after the refunds of its own bill; a reversal's own lines stay as they came.
_CHARGES = """
      select l.settlement_key, l.executor_key, l.prescriber_key, s.attending_practitioner_key, l.item_key,
        l.charge_category, l.item_type, l.fee_time, coalesce(s.is_reversal, false) as is_reversal, l.month,
        l.amount + coalesce(f.amount, 0) as amount, l.quantity + coalesce(f.quantity, 0) as quantity,
        case when l.amount < 0 then -1 when f.settlement_key is not null and l.amount + f.amount <= 0 then 0
          else 1 end as n
      from claim_lines l
      join settlements s on s.settlement_key = l.settlement_key
      left join (
        select r.settlement_key, r.original_line_number, cast(sum(r.amount) as bigint) as amount,
          cast(sum(r.quantity) as bigint) as quantity
        from claim_lines r join settlements t on t.settlement_key = r.settlement_key
        where r.original_line_number is not null and not coalesce(t.is_reversal, false)
        group by r.settlement_key, r.original_line_number
      ) f on f.settlement_key = l.settlement_key and f.original_line_number = l.line_number
        and not coalesce(s.is_reversal, false)
      where (l.original_line_number is null or coalesce(s.is_reversal, false))
"""
_EVER = "coalesce(valid_from_date, cast('0001-01-01' as date))"

WORK_FACT = Fact(
    "work_facts",
    "One row per settlement, practitioner and day whose lines belong to the practitioner: who executed them, else "
    "ordered them, else attended. Reversals have none; refunds are netted. Effort is in ten-thousandths of a "
    "hundredth of a minute.",
    f"""
    select c.settlement_key, c.practitioner_key, c.day, cast(sum(c.n) as bigint) as n_lines,
      cast(sum(case when c.executor_key is null then 0 else c.n end) as bigint) as n_executed,
      cast(sum(c.amount) as bigint) as amount, cast(sum(c.quantity * i.hundredths) as bigint) as effort,
      min(c.fee_time) as first_time, max(c.fee_time) as last_time, c.month
    from (
      select l.*, coalesce(l.executor_key, l.prescriber_key, l.attending_practitioner_key) as practitioner_key,
        cast(l.fee_time as date) as day
      from ({_CHARGES}) l where not l.is_reversal
    ) c
    left join (
      select item_key, cast(round(standard_minutes * 100) as bigint) as hundredths, {_EVER} as from_date,
        coalesce(valid_to_date, cast('9999-12-31' as date)) as to_date,
        lead({_EVER}) over (partition by item_key order by {_EVER}) as next_date
      from ref_items
    ) i on i.item_key = c.item_key and i.hundredths > 0 and c.day >= i.from_date and c.day <= i.to_date
      and (i.next_date is null or c.day < i.next_date)
    where c.practitioner_key is not null
    group by c.settlement_key, c.practitioner_key, c.day, c.month
    having sum(c.n) > 0
    """,
    registers=("ref_items",),
)
ORDER_FACT = Fact(
    "order_facts",
    "One row per settlement and practitioner who ordered lines of it, else attended; reversals have none, refunds are "
    "netted.",
    f"""
    select c.settlement_key, c.practitioner_key, cast(sum(c.n) as bigint) as n_lines,
      cast(sum(c.amount) as bigint) as amount,
      cast(sum(case when c.item_type in ('western_drug', 'chinese_patent_drug', 'herbal') then c.amount else 0 end)
        as bigint) as drug_amount,
      cast(sum(case when c.charge_category = 'examination' then c.amount else 0 end) as bigint) as examination_amount,
      cast(sum(case when c.charge_category = 'laboratory' then c.amount else 0 end) as bigint) as laboratory_amount,
      cast(sum(case when c.charge_category = 'treatment' then c.amount else 0 end) as bigint) as treatment_amount,
      cast(sum(case when c.item_type = 'consumable' then c.amount else 0 end) as bigint) as consumable_amount, c.month
    from (
      select l.*, coalesce(l.prescriber_key, l.attending_practitioner_key) as practitioner_key
      from ({_CHARGES}) l where not l.is_reversal
    ) c
    where c.practitioner_key is not null
    group by c.settlement_key, c.practitioner_key, c.month
    """,
)
ORDERED_ITEM_FACT = Fact(
    "ordered_item_facts",
    "One row per item and practitioner who ordered it, else attended; refunds and reversals are netted under whom they "
    "name.",
    f"""
    select c.practitioner_key, c.item_key, cast(sum(c.amount) as bigint) as amount, c.month
    from (
      select l.*, coalesce(l.prescriber_key, l.attending_practitioner_key) as practitioner_key from ({_CHARGES}) l
    ) c
    where c.practitioner_key is not null
    group by c.practitioner_key, c.item_key, c.month
    """,
)
OPERATION_FACT = Fact(
    "operation_facts",
    "One row per settlement, surgeon (else the operating practitioner) and day with dated procedures.",
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

PRACTICE_FACTS = (WORK_FACT, ORDER_FACT, ORDERED_ITEM_FACT, OPERATION_FACT)
