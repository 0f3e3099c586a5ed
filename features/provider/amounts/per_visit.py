"""Amounts of a visit: mean, median, largest, how they spread, and how round they are."""

from dataclasses import replace

from features.declare import Family, Feature, Quantile
from features.distribution import largest_visit, visit_spread
from features.expressions import IS_WHOLE_TENS, major_units, share_of
from features.vocabulary.text import Text

_FEW = "fewer than five settlements"

PER_VISIT = Family(
    "amounts",
    "费用",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "amount_per_settlement_amount",
            Text("Billed per settlement", "次均费用"),
            "currency",
            f"{major_units('total_amount')} / count(*)",
            Text(
                "Dearer visits than those of like providers need a dearer case-mix.",
                "次均费用高于同类机构，应有更重的病例组合来解释。",
            ),
            "high",
            ("H17", "H09"),
        ),
        Feature(
            "settlement_median_amount",
            Text("Median settlement", "单次费用中位数"),
            "currency",
            ("case when count(*) >= 5 then ", Quantile("total_amount", 0.5), " / 100 end"),
            Text(
                "The ordinary bill. High: dear care as a rule. Low: visits that may have been split.",
                "一般单次费用水平：偏高说明普遍偏贵，偏低可能拆分就诊。",
            ),
            "both",
            ("H17",),
            missing_means=_FEW,
        ),
        Feature(
            "settlement_p90_amount",
            Text("90th percentile of settlements", "单次费用第90百分位"),
            "currency",
            ("case when count(*) >= 5 then ", Quantile("total_amount", 0.9), " / 100 end"),
            Text("The dear end of the bills.", "高额结算一端的水平。"),
            "high",
            ("H17", "H21"),
            missing_means=_FEW,
        ),
        largest_visit(),
        replace(visit_spread(), direction="both", schemes=("H30",)),
        Feature(
            "round_amount_share",
            Text("Share of round amounts", "整数金额占比"),
            "share",
            share_of(IS_WHOLE_TENS),
            Text("Care is seldom billed in round tens; agreed sums are.", "诊疗费用少有整十元，约定金额才多为整数。"),
            "high",
            ("P07",),
        ),
        Feature(
            "amount_per_care_day_amount",
            Text("Billed per day of care", "日均费用"),
            "currency",
            f"{major_units('total_amount')} / nullif(sum(care_days), 0)",
            Text("High: a dear day. Low: many cheap days in bed.", "偏高可能压缩天数保留费用，偏低可能以低费用占床。"),
            "both",
            ("H25", "H17"),
        ),
    ),
)
