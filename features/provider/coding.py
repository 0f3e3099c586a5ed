"""Coding of stays: how many diagnoses, how exact, and which of them nobody else ever named."""

from features.declare import Family, Feature
from features.expressions import share_of

DIAGNOSES = Family(
    "coding",
    "编码质量",
    "provider",
    "select provider_key as subject_key, * from admissions",
    (
        Feature(
            "secondary_diagnoses_per_stay_ratio",
            "Secondary diagnoses per stay",
            "次均住院次要诊断数",
            "ratio",
            "cast(sum(n_secondary) as double) / count(*)",
            "Each further code may lift the group.",
            "high",
            ("H21", "H22"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "one_diagnosis_stay_share",
            "Share of stays with one diagnosis only",
            "单一诊断住院占比",
            "share",
            share_of("n_diagnoses = 1"),
            "A patient on paper has one illness.",
            "both",
            ("H01", "H22"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "acquired_diagnoses_share",
            "Share of secondary diagnoses that were not there on admission",
            "非入院时已有次要诊断占比",
            "share",
            "cast(sum(n_acquired) as double) / nullif(sum(n_known), 0)",
            "Complications appear where they pay.",
            "high",
            ("H21", "H22"),
            missing_means="not known whether a secondary diagnosis was there on admission",
            needs=("diagnoses.is_present_on_admission",),
        ),
        Feature(
            "hospital_infection_share",
            "Share of stays with an infection that began in them",
            "院内感染发生率",
            "share",
            share_of("n_infections > 0"),
            "Seventh indicator of the national library: bad care, or a code that pays.",
            "high",
            ("H21",),
            missing_means="no inpatient stay",
            needs=("diagnoses.is_present_on_admission",),
        ),
        Feature(
            "symptom_diagnosis_share",
            "Share of stays whose principal diagnosis is a symptom",
            "主诊断为症状体征住院占比",
            "share",
            "cast(sum(case when diagnosis_chapter = 'R' then 1 else 0 end) as double) "
            "/ nullif(count(diagnosis_chapter), 0)",
            "Nobody found out what it was, or nothing was.",
            "high",
            ("H03", "H01"),
            missing_means="no stay with a principal diagnosis",
        ),
    ),
    needs=("diagnoses", "settlements.admit_time", "settlements.discharge_time"),
)
CODES = Family(
    "coding",
    "编码质量",
    "provider",
    "select f.provider_key as subject_key, c.diagnosis_code, greatest(f.n, 0) as n "
    "from provider_diagnosis_facts f join codes_diagnosis c on c.diagnosis_key = f.diagnosis_key",
    (
        Feature(
            "unspecified_codes_share",
            "Share of diagnosis codes that say unspecified (.9)",
            "未特指诊断编码（.9）占比",
            "share",
            "cast(sum(case when substr(diagnosis_code, 4, 2) = '.9' then n else 0 end) as double) / nullif(sum(n), 0)",
            "Nobody examined what is written down.",
            "high",
            ("H31", "H15"),
            missing_means="no diagnosis",
        ),
    ),
    needs=("diagnoses",),
)
SECONDARY = Family(
    "coding",
    "编码质量",
    "provider",
    "select provider_key as subject_key, is_known_elsewhere from secondary_diagnoses",
    (
        Feature(
            "unconfirmed_secondary_share",
            "Share of stays' secondary diagnoses that no other bill of the patient names",
            "无其他就诊佐证的次要诊断占比",
            "share",
            share_of("is_known_elsewhere = 0"),
            "A complication that was there for one bill.",
            "high",
            ("H21",),
            missing_means="no secondary diagnosis of a stay",
        ),
    ),
    needs=("diagnoses",),
)
COMMONEST = Family(
    "coding",
    "编码质量",
    "provider",
    "select provider_key as subject_key, count(*) as n from secondary_diagnoses group by provider_key, diagnosis_group",
    (
        Feature(
            "commonest_secondary_share",
            "Share of the commonest of stays' secondary diagnoses",
            "最常见次要诊断占比",
            "share",
            "case when sum(n) >= 10 then cast(max(n) as double) / sum(n) end",
            "The coder has a favourite complication.",
            "high",
            ("H21", "H30"),
            missing_means="fewer than ten secondary diagnoses of stays",
        ),
    ),
    needs=("diagnoses",),
)
FAMILIES = (DIAGNOSES, CODES, SECONDARY, COMMONEST)
