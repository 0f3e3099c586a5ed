"""Payment groups: weights against what lines show, cost and length against the group's standard."""

from features.declare import Family, Feature
from features.expressions import ratio, share_among
from features.vocabulary.text import Text

_NO_STANDARD = "no stay whose group has a standard amount"
_STANDARD = "nullif(sum(case when standard_amount > 0 then 1 else 0 end), 0)"


def _of_standard(condition: str) -> str:
    return f"cast(sum(case when standard_amount > 0 and {condition} then 1 else 0 end) as double) / {_STANDARD}"


WEIGHTS = Family(
    "payment_groups",
    "病组与分值",
    "provider",
    "select provider_key as subject_key, * from grouped_stays",
    (
        Feature(
            "weight_to_lines_ratio",
            Text(
                "Weight of payment groups to that of stays elsewhere with equal surgery, days and cost",
                "病组权重与费用明细预期之比",
            ),
            "ratio",
            ratio("case when expected_weight is not null then weight end", "cast(round(expected_weight) as bigint)"),
            Text(
                "The payment group stands for more illness than the lines treat.", "病组所示病情重于明细所反映的治疗。"
            ),
            "high",
            ("H21", "H24"),
            missing_means="no stay like ten or more elsewhere",
        ),
        Feature(
            "top_severity_share",
            Text("Share of stays in the heaviest of groups that differ by complications", "最高并发症等级病组占比"),
            "share",
            ratio(
                "case when n_severities > 1 and severity = 1 then 1 else 0 end",
                "case when n_severities > 1 then 1 else 0 end",
            ),
            Text("The highest severity is one code away.", "多写一个并发症编码即可进入最高等级。"),
            "high",
            ("H21", "H22"),
            missing_means="no group with several degrees of complication",
        ),
        Feature(
            "weight_growth_rate_1m",
            Text("Growth of the mean weight over the earlier months of the window", "病组平均权重较前期增长率"),
            "rate",
            "cast(sum(case when months_back = 1 then weight end) as double) "
            "/ nullif(sum(case when months_back = 1 then 1 else 0 end), 0) "
            "/ nullif(cast(sum(case when months_back > 1 then weight end) as double) "
            "/ nullif(sum(case when months_back > 1 then 1 else 0 end), 0), 0) - 1",
            Text("Patients seldom become much sicker from one month to the next.", "患者病情一般不会逐月明显加重。"),
            "high",
            ("H21", "H24"),
            "1m",
            missing_means="no grouped stay this month or before",
        ),
    ),
    needs=("drg_assignments.weight", "settlements.admit_time", "settlements.discharge_time"),
)
COST = Family(
    "payment_groups",
    "病组与分值",
    "provider",
    "select provider_key as subject_key, * from grouped_stays",
    (
        Feature(
            "cost_to_standard_ratio",
            Text("Cost of stays to the standard of their groups", "病组费用与支付标准之比"),
            "ratio",
            ratio(
                "case when standard_amount > 0 then total_amount end",
                "case when standard_amount > 0 then standard_amount end",
            ),
            Text(
                "Low: little care for the whole price. High: a loss that may be billed elsewhere.",
                "偏低可能减少服务拿足额支付，偏高可能另处转嫁亏损。",
            ),
            "both",
            ("H21", "H23", "H36"),
            missing_means=_NO_STANDARD,
        ),
        Feature(
            "below_low_cost_share",
            Text("Share of stays under 40 % of the group's standard", "低倍率病例占比（不足标准40%）"),
            "share",
            _of_standard("total_amount * 100 < standard_amount * 40"),
            Text("Light cases may be admitted, or placed in a heavy group.", "可能收治轻症，或高套病组。"),
            "high",
            ("H03", "H21"),
            missing_means=_NO_STANDARD,
        ),
        Feature(
            "just_above_low_cost_share",
            Text("Share of stays at 40 to 50 % of the group's standard", "略高于低倍率线病例占比（标准40%～50%）"),
            "share",
            _of_standard("total_amount * 100 >= standard_amount * 40 and total_amount * 100 < standard_amount * 50"),
            Text("Bills may be lifted just over the line below which less is paid.", "可能把费用抬到低倍率线之上。"),
            "high",
            ("H36", "H21"),
            missing_means=_NO_STANDARD,
        ),
        Feature(
            "near_standard_cost_share",
            Text("Share of stays at 95 to 100 % of the group's standard", "费用贴近支付标准占比（标准95%～100%）"),
            "share",
            _of_standard("total_amount * 100 >= standard_amount * 95 and total_amount <= standard_amount"),
            Text(
                "Bills seem to follow the price of the group and not the patient.", "费用贴着支付标准，而非依据病情。"
            ),
            "high",
            ("H23", "H36"),
            missing_means=_NO_STANDARD,
        ),
        Feature(
            "high_cost_share",
            Text("Share of stays above twice the group's standard", "高倍率病例占比（超标准2倍）"),
            "share",
            _of_standard("total_amount > standard_amount * 2"),
            Text("Above the line services are paid one by one again.", "超过高倍率线后按项目另行支付。"),
            "high",
            ("H36",),
            missing_means=_NO_STANDARD,
        ),
    ),
    needs=("drg_assignments", "settlements.admit_time", "settlements.discharge_time"),
)
LENGTH = Family(
    "payment_groups",
    "病组与分值",
    "provider",
    "select provider_key as subject_key, * from grouped_stays",
    (
        Feature(
            "length_to_expected_ratio",
            Text("Days of stays to the days expected of their groups", "住院日与病组标准住院日之比"),
            "ratio",
            "cast(sum(case when expected_days > 0 then stay_days end) as double) * 100 "
            "/ nullif(sum(case when expected_days > 0 then cast(round(expected_days * 100) as bigint) end), 0)",
            Text(
                "Low: discharged early for the fixed price. High: kept for the daily one.",
                "偏低可能提前出院，偏高可能延长住院。",
            ),
            "both",
            ("H02", "H23"),
            missing_means="no group with expected days",
        ),
        Feature(
            "early_discharge_share",
            Text("Share of stays shorter than a third of the days expected", "住院日不足标准三分之一占比"),
            "share",
            share_among("expected_days > 0", "stay_days * 3 < expected_days"),
            Text("The price of a stay for a small part of its care.", "用很少的治疗取得整次住院的支付。"),
            "high",
            ("H03", "H23", "H21"),
            missing_means="no group with expected days",
        ),
    ),
    needs=("ref_drg_groups.expected_days", "settlements.admit_time", "settlements.discharge_time"),
)
FAMILIES = (WEIGHTS, COST, LENGTH)
