"""Burden of amounts: bills that cost the patient nothing, and what lies outside benefit policy."""

from features.declare import Family, Feature
from features.expressions import share_among, share_of
from features.vocabulary.text import Text

WHO_PAYS = Family(
    "amounts",
    "费用",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "nothing_collected_share",
            Text("Share of settlements for which the patient paid no cash", "零现金支付结算占比"),
            "share",
            share_of("cash_paid_amount <= 0"),
            Text("A visit that costs the patient nothing needs less of a reason.", "患者分文不付，就诊理由可能不足。"),
            "high",
            ("H01", "H07", "P15"),
            needs=("settlements.cash_paid_amount",),
        ),
        Feature(
            "out_of_scope_share",
            Text("Share of money outside benefit policy", "目录外费用占比"),
            "share",
            "greatest(least(1 - cast(sum(in_scope_amount) as double) / nullif(sum(total_amount), 0), 1), 0)",
            Text(
                "High: cost is shifted to patients. Low: what is not covered may be billed as what is.",
                "偏高说明费用转嫁患者，偏低可能把目录外串换为目录内。",
            ),
            "both",
            ("H23", "H14"),
            missing_means="nothing billed",
            needs=("settlements.in_scope_amount",),
        ),
    ),
)
UNPAID_STAYS = Family(
    "amounts",
    "费用",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "unpaid_stay_share",
            Text("Share of stays without deductible and without cash", "未收起付线且零现金住院占比"),
            "share",
            share_among("is_inpatient and total_amount > 0", "deductible_amount <= 0 and cash_paid_amount <= 0"),
            Text(
                "Waiving the deductible and copayment may be an inducement to be admitted.",
                "减免起付线和自付，可能以此诱导住院。",
            ),
            "high",
            ("H07", "H01", "P15"),
            missing_means="no inpatient stay",
        ),
    ),
    needs=("settlements.deductible_amount", "settlements.cash_paid_amount"),
)
