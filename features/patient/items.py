"""Items: what a person receives, how much of the same and how much supply."""

from features.declare import Family, Feature
from features.expressions import entropy, hhi

ITEMS = Family(
    "concentration",
    "集中度",
    "patient",
    "select person_key as subject_key, item_key, max(is_drug) as is_drug, cast(sum(n_lines) as bigint) as n, "
    "cast(sum(amount) as bigint) as a from person_item_facts group by person_key, item_key "
    "having sum(amount) > 0 and sum(n_lines) > 0",
    (
        Feature(
            "items_count",
            "Different items",
            "项目种类数",
            "count",
            "count(*)",
            "Breadth of what is received.",
            "both",
            ("P02",),
        ),
        Feature(
            "item_hhi_ratio",
            "Concentration of money on items (HHI)",
            "项目费用集中度（HHI）",
            "ratio",
            hhi("a"),
            "Always the same dear drug.",
            "high",
            ("P02", "P09", "T06"),
        ),
        Feature(
            "item_entropy_nats",
            "Diversity of items",
            "项目多样性",
            "nats",
            entropy("n"),
            "Illness needs more than one thing.",
            "low",
            ("P09",),
        ),
        Feature(
            "same_drug_lines_max_count",
            "Most lines of one drug",
            "同一药品最多明细数",
            "count",
            "max(case when is_drug = 1 then n end)",
            "Stockpiling.",
            "high",
            ("P02", "T13"),
            missing_means="no drugs",
        ),
    ),
    needs=("claim_lines",),
)
SUPPLY = Family(
    "prescriptions",
    "用药",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "supply_days",
            "Days of drugs supplied",
            "累计开药天数",
            "days",
            "sum(case when not is_inpatient then days_supply end)",
            "More supply than days.",
            "high",
            ("P02", "P03"),
            missing_means="no days of supply given",
        ),
    ),
    needs=("claim_lines.days_supply",),
)
FAMILIES = (ITEMS, SUPPLY)
