"""Items: what a person receives, how much of the same and how much supply."""

from features.declare import Family, Feature
from features.expressions import entropy, hhi
from features.vocabulary.text import Text

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
            Text("Different items", "项目种类数"),
            "count",
            "count(*)",
            Text(
                "Low: the same few things. High: more than one illness needs.",
                "偏低说明总是少数项目，偏高超出一般病情所需。",
            ),
            "both",
            ("P02",),
        ),
        Feature(
            "item_hhi_ratio",
            Text("Concentration of money on items (HHI)", "项目费用集中度（HHI）"),
            "ratio",
            hhi("a"),
            Text("Money goes to the same dear item again and again.", "费用反复集中于同一高价项目。"),
            "high",
            ("P02", "P09", "T06"),
        ),
        Feature(
            "item_entropy_nats",
            Text("Diversity of items", "项目多样性"),
            "nats",
            entropy("n"),
            Text("Illness usually needs more than one thing.", "一般疾病所需项目不止一种。"),
            "low",
            ("P09",),
        ),
        Feature(
            "same_drug_lines_max_count",
            Text("Most lines of one drug", "同一药品最多明细数"),
            "count",
            "max(case when is_drug = 1 then n end)",
            Text("The same drug so often may be stockpiling.", "同一药品反复配取，可能在囤药。"),
            "high",
            ("P02", "T13"),
            missing_means="no drugs",
        ),
    ),
    needs=("claim_lines",),
)
SUPPLY = Family(
    "drugs",
    "用药",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "supply_days",
            Text("Days of drugs supplied", "累计开药天数"),
            "days",
            "sum(case when not is_inpatient then days_supply end)",
            Text("More days of supply than days to use them.", "累计开药天数超过可服用天数。"),
            "high",
            ("P02", "P03"),
            missing_means="no days of supply given",
        ),
    ),
    needs=("claim_lines.days_supply",),
)
FAMILIES = (ITEMS, SUPPLY)
