"""Concentration: how few providers and items make up a person's care."""

from features.declare import Family, Feature
from features.expressions import entropy, hhi
from features.vocabulary.text import Text

PROVIDERS = Family(
    "concentration",
    "集中度",
    "patient",
    "select p.person_key as subject_key, p.n_visits as n, greatest(p.total_amount, 0) as a, p.first_months_back, "
    "p.n_visits_1m, k.oldest_months_back from provider_people p "
    "cross join (select max(months_back) as oldest_months_back from visits) k",
    (
        Feature(
            "provider_hhi_ratio",
            Text("Concentration on providers (HHI)", "就诊机构集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text(
                "High: tied to one provider. Low: to none, as when doctors or shops are toured.",
                "偏高说明固定在一家机构；偏低说明四处就医购药。",
            ),
            "both",
            ("R06", "P04"),
        ),
        Feature(
            "top_provider_money_share",
            Text("Share of money at the dearest provider", "最高费用机构占比"),
            "share",
            "cast(max(a) as double) / nullif(sum(a), 0)",
            Text(
                "High: one place takes nearly all. Low: money is spread over many.",
                "偏高说明费用集中于一家，偏低说明分散在多家。",
            ),
            "both",
            ("R06",),
            missing_means="nothing billed",
        ),
    ),
)
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
