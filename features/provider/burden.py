"""Burden: what patients pay themselves, how unevenly money falls on them, and what like patients would have cost."""

from features.declare import Family, Feature, Quantile
from features.expressions import share_among, share_of
from features.provider.panel import PATIENTS_BY_AMOUNT
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
STAYS = Family(
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
PATIENTS = Family(
    "intensity",
    "单人强度",
    "provider",
    PATIENTS_BY_AMOUNT,
    (
        Feature(
            "patient_p90_amount",
            Text("90th percentile of money per patient", "人均费用第90百分位"),
            "currency",
            ("case when count(*) >= 5 then ", Quantile("total_amount", 0.9), " / 100 end"),
            Text("The dear end of the patients, where cards may be used up.", "费用最高的患者群，可能存在集中刷卡。"),
            "high",
            ("T10", "H17", "P08"),
            missing_means="fewer than five patients",
        ),
        Feature(
            "patient_gini_ratio",
            Text("Inequality of money between patients (Gini)", "患者费用基尼系数"),
            "ratio",
            "case when count(*) >= 5 then greatest(cast(2 as double) "
            "* cast(sum(cast(place as decimal(38, 0)) * amount) as double) "
            "/ nullif(cast(sum(amount) as double) * count(*), 0) - cast(count(*) + 1 as double) / count(*), 0) end",
            Text(
                "Low: recruited patients all cost the same. High: a few cards carry the cost.",
                "偏低可能是批量组织的患者，偏高可能少数卡承担多数费用。",
            ),
            "both",
            ("H01", "H30", "P04"),
            missing_means="fewer than five patients, or nothing billed",
        ),
        Feature(
            "fund_per_patient_day_amount",
            Text("Paid by the funds per patient and day seen", "人日均基金支付"),
            "currency",
            "cast(cast(sum(fund_paid_amount) as bigint) as double) / 100 / nullif(sum(n_days), 0)",
            Text("What one appearance of a patient brings in.", "患者每出现一次所带来的基金收入。"),
            "high",
            ("H17", "H37"),
        ),
    ),
)
EXPECTED = Family(
    "amounts",
    "费用",
    "provider",
    "select provider_key as subject_key, * from expected_amounts",
    (
        Feature(
            "billed_to_expected_ratio",
            Text("Billed over what like patients cost elsewhere", "费用与病例组合期望之比（O/E）"),
            "ratio",
            "case when sum(n) >= 5 then cast(sum(amount) as double) / nullif(sum(expected_amount), 0) end",
            Text(
                "Kind of care, age, sex, diagnosis and level taken into account, it is still dear.",
                "已考虑就医类型、年龄、性别、诊断和级别，费用仍偏高。",
            ),
            "high",
            ("H17", "H09", "H25"),
            missing_means="fewer than five settlements",
        ),
    ),
)
WITHIN = Family(
    "amounts",
    "费用",
    "provider",
    # Squares about the mean of each diagnosis and kind of care, in whole units: exact sums, one rounding a group.
    "select provider_key as subject_key, count(*) as n, cast(sum(total_amount) as bigint) as amount, "
    "cast(round(cast(sum(cast(total_amount as decimal(38, 0)) * total_amount) as double) "
    "- cast(sum(total_amount) as double) * cast(sum(total_amount) as double) / count(*)) as decimal(38, 0)) as squares "
    "from visits where diagnosis_group is not null group by provider_key, encounter_type, diagnosis_group "
    "having count(*) >= 5",
    (
        Feature(
            "spread_within_diagnosis_ratio",
            Text("Spread of settlements with one diagnosis (sd / mean)", "同诊断费用变异系数"),
            "ratio",
            "sqrt(greatest(cast(sum(squares) as double), 0) / sum(n)) "
            "/ nullif(cast(sum(amount) as double) / sum(n), 0)",
            Text(
                "Low: one diagnosis, one bill, as if copied. High: some bills that may be padded.",
                "偏低可能复制账单，偏高可能部分患者加收。",
            ),
            "both",
            ("H30", "H01", "H17"),
            missing_means="no diagnosis with five settlements",
        ),
    ),
    needs=("diagnoses",),
)
FAMILIES = (WHO_PAYS, STAYS, PATIENTS, EXPECTED, WITHIN)
