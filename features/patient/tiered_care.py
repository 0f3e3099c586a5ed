"""Tiered care: visits in primary care and past it, and family-doctor contracts without a visit."""

from features.declare import Family, Feature
from features.expressions import IS_PAST_PRIMARY_CARE, IS_PLANNED_CARE, count_where, share_of
from features.vocabulary.text import Text

TIERS = Family(
    "tiered_care",
    "分级诊疗",
    "patient",
    "select person_key as subject_key, * from care_visits",
    (
        Feature(
            "primary_care_share",
            Text("Share of visits in primary care", "基层就诊占比"),
            "share",
            share_of("is_primary = 1"),
            Text(
                "A patient never seen by doctors nearby may not be the one who uses the card.",
                "从不在附近基层就诊，持卡就医者可能并非本人。",
            ),
            "low",
            ("P14", "H07"),
            missing_means="no visit to a clinic or hospital",
        ),
        Feature(
            "tertiary_without_primary_count",
            Text(
                "Tertiary visits without referral or primary care in the 30 days before",
                "未经基层及转诊的三级医院就诊次数",
            ),
            "count",
            count_where(f"{IS_PLANNED_CARE} and provider_level = 'tertiary' and {IS_PAST_PRIMARY_CARE}"),
            Text(
                "Primary care and referral were passed by; lower rates of payment may follow.",
                "未经基层首诊和转诊，可能影响报销比例的执行。",
            ),
            "high",
            ("P14",),
            missing_means="no visit to a clinic or hospital",
        ),
    ),
    needs=("providers.provider_level",),
)
CONTRACT = Family(
    "tiered_care",
    "分级诊疗",
    "patient",
    "select person_key as subject_key, n_here, n_care, n_contracts from panel",
    (
        Feature(
            "unseen_contracts_count",
            Text(
                "Family-doctor contracts without a visit there, though there was care elsewhere",
                "签约未服务家庭医生合同数",
            ),
            "count",
            count_where("n_here = 0 and n_care > 0"),
            Text("A family doctor was paid for and never gave a service.", "已付签约服务费，却无服务记录。"),
            "high",
            ("D-45",),
            missing_means="no family-doctor contract of two months or more",
        ),
    ),
    needs=("family_doctor_contracts",),
)
FAMILIES = (TIERS, CONTRACT)
