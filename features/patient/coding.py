"""Coding: how many and how different diagnoses a person is given, and visits without any."""

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
FAMILIES = (DIAGNOSES, DIVERSITY, WITHOUT)
