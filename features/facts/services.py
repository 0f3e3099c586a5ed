"""Service facts: imaging by kind, and packages billed by their parts."""

from features.declare import Fact

IMAGING_FACT = Fact(
    "imaging_facts",
    "One row per settlement, kind of imaging and day; refunds netted, reversals included.",
    ("settlement_key", "imaging_kind", "day"),
    """
    select l.settlement_key, i.imaging_kind, cast(l.fee_time as date) as day,
      cast(sum(case when l.amount < 0 then -1 else 1 end) as bigint) as n, cast(sum(l.amount) as bigint) as amount,
      l.month
    from claim_lines l
    join (
      select item_key, max(imaging_kind) as imaging_kind from ref_items where imaging_kind is not null group by item_key
    ) i on i.item_key = l.item_key
    group by l.settlement_key, i.imaging_kind, cast(l.fee_time as date), l.month
    """,
    registers=("ref_items",),
)
PACKAGE_FACT = Fact(
    "package_facts",
    "One row per settlement, package and day with parts of it billed one by one; refunds netted.",
    ("settlement_key", "package_item_key", "day"),
    """
    select settlement_key, package_item_key, day, count(*) as n_parts, max(min_components) as min_components,
      cast(sum(amount) as bigint) as amount, month
    from (
      select l.settlement_key, p.package_item_key, l.item_key, cast(l.fee_time as date) as day,
        max(p.min_components) as min_components, cast(sum(l.amount) as bigint) as amount, l.month
      from claim_lines l join ref_item_packages p on p.component_item_key = l.item_key
      group by l.settlement_key, p.package_item_key, l.item_key, cast(l.fee_time as date), l.month
      having sum(l.amount) > 0
    ) c group by settlement_key, package_item_key, day, month
    """,
    registers=("ref_item_packages",),
)
