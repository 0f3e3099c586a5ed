"""Diagnoses and tiers: what a person is treated for, and at which door the way begins."""

from features.declare import Family, Feature
from features.expressions import entropy, share_of
from features.vocabulary.text import Text

_NONE = "no diagnosis given"

DIAGNOSES = Family(
    "coding",
    "诊断编码",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "diagnosis_chapters_count",
            Text("Chapters of diagnoses outside stays", "门诊诊断章节数"),
            "count",
            "nullif(count(distinct case when not is_inpatient then diagnosis_chapter end), 0)",
            Text(
                "Illnesses of many kinds may be those of several people on one card.",
                "疾病种类跨度过大，可能是多人共用一张卡。",
            ),
            "high",
            ("P05", "P06"),
            missing_means=_NONE,
        ),
        Feature(
            "diagnosis_groups_count",
            Text("Diagnoses outside stays, by three characters", "门诊诊断种类数"),
            "count",
            "nullif(count(distinct case when not is_inpatient then diagnosis_group end), 0)",
            Text("Diagnoses may have been chosen to fit the drugs wanted.", "诊断种类过多，可能是为配药而开诊断。"),
            "high",
            ("P02", "P05"),
            missing_means=_NONE,
        ),
    ),
    needs=("diagnoses",),
)
DIVERSITY = Family(
    "coding",
    "诊断编码",
    "patient",
    "select person_key as subject_key, diagnosis_group, count(*) as n from visits "
    "where diagnosis_group is not null group by person_key, diagnosis_group",
    (
        Feature(
            "diagnosis_entropy_nats",
            Text("Diversity of diagnoses", "诊断多样性"),
            "nats",
            entropy("n"),
            Text(
                "Low: always the same diagnosis. High: never the same twice. Illness usually lies between.",
                "偏低说明诊断总是同一个，偏高说明从不重复，一般病程介于两者之间。",
            ),
            "both",
            ("P05", "P02"),
            missing_means=_NONE,
        ),
    ),
    needs=("diagnoses",),
)
WITHOUT = Family(
    "coding",
    "诊断编码",
    "patient",
    "select person_key as subject_key, * from care_visits",
    (
        Feature(
            "without_diagnosis_share",
            Text("Share of visits to clinics and hospitals without a diagnosis", "无诊断就诊占比"),
            "share",
            share_of("n_diagnoses = 0"),
            Text("Nothing says what the visit was for.", "没有诊断，无法说明就诊原因。"),
            "high",
            ("P06", "T15"),
            missing_means="no visit to a clinic or hospital",
        ),
    ),
    needs=("diagnoses", "providers.provider_type"),
)
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
            "sum(case when is_known and provider_level = 'tertiary' and referral_id is null "
            "and encounter_type <> 'emergency' "
            "and (days_since_primary is null or days_since_primary > 30) then 1 else 0 end)",
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
            "sum(case when n_here = 0 and n_care > 0 then 1 else 0 end)",
            Text("A family doctor was paid for and never gave a service.", "已付签约服务费，却无服务记录。"),
            "high",
            ("D-45",),
            missing_means="no family-doctor contract of two months or more",
        ),
    ),
    needs=("family_doctor_contracts",),
)
FAMILIES = (DIAGNOSES, DIVERSITY, WITHOUT, TIERS, CONTRACT)
