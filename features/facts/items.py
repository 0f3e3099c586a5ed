"""Item facts: what providers bill and persons receive, by item of the catalogue."""

from features.declare import Fact
from features.engine import quoted_list
from features.vocabulary.care import BOXED_DRUGS

PROVIDER_ITEM_FACT = Fact(
    "provider_item_facts",
    "One row per provider and item, refunds netted.",
    ("provider_key", "item_key"),
    """
    select provider_key, item_key, cast(sum(case when amount < 0 then -1 else 1 end) as bigint) as n_lines,
      cast(sum(amount) as bigint) as amount, month
    from claim_lines group by provider_key, item_key, month
    """,
)
PERSON_ITEM_FACT = Fact(
    "person_item_facts",
    "One row per person and item, refunds netted.",
    ("person_key", "item_key"),
    f"""
    select person_key, item_key,
      max(case when item_type in {quoted_list(BOXED_DRUGS)} then 1 else 0 end) as is_drug,
      cast(sum(case when amount < 0 then -1 else 1 end) as bigint) as n_lines,
      cast(sum(amount) as bigint) as amount, month
    from claim_lines group by person_key, item_key, month
    """,
)
