"""Amounts against like cases: what like patients cost elsewhere, and how bills of one diagnosis spread."""

from features.declare import Family, Feature
from features.vocabulary.text import Text

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
