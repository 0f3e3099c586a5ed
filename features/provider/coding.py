"""Coding: how many diagnoses and procedures, how exact, and which of them nobody else ever named."""

from features.declare import Family, Feature
from features.distribution import lines_per_visit
from features.expressions import largest_share, mean, ratio, share_known, share_of
from features.vocabulary.text import Text

SETTLEMENTS = Family(
    "coding",
    "编码质量",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "diagnoses_per_settlement_ratio",
            Text("Diagnoses per settlement", "次均诊断数"),
            "ratio",
            mean("n_diagnoses"),
            Text("Secondary diagnoses may raise the payment group.", "次要诊断可能抬高病组。"),
            "high",
            ("H21",),
            needs=("diagnoses",),
        ),
        Feature(
            "missing_diagnosis_share",
            Text("Share of settlements without diagnosis", "无诊断结算占比"),
            "share",
            share_of("n_diagnoses = 0"),
            Text("A matter of data quality before it is anything else.", "首先是数据质量问题，其次才是线索。"),
            "high",
            ("H31",),
            needs=("diagnoses",),
        ),
        Feature(
            "procedures_per_settlement_ratio",
            Text("Procedures per settlement", "次均手术操作数"),
            "ratio",
            mean("coalesce(n_procedures, 0)"),
            Text("Procedures may raise the payment group.", "手术操作编码可能抬高病组。"),
            "high",
            ("H15", "H21"),
            needs=("procedures",),
        ),
        lines_per_visit(),
        Feature(
            "refunded_lines_share",
            Text("Refund lines among claim lines", "退费明细占比"),
            "share",
            ratio("n_negative_lines", "n_lines"),
            Text(
                "Billed, then taken back: corrections, or tests of what passes.", "先收后退：或属更正，或在试探审核。"
            ),
            "high",
            ("H08", "T01"),
            missing_means="no claim lines",
            needs=("claim_lines",),
        ),
    ),
)
STAYS = Family(
    "coding",
    "编码质量",
    "provider",
    "select provider_key as subject_key, * from admissions",
    (
        Feature(
            "secondary_diagnoses_per_stay_ratio",
            Text("Secondary diagnoses per stay", "次均住院次要诊断数"),
            "ratio",
            mean("n_secondary"),
            Text("Each further code may lift the payment group.", "每多一个编码都可能抬高病组。"),
            "high",
            ("H21", "H22"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "one_diagnosis_stay_share",
            Text("Share of stays with one diagnosis only", "单一诊断住院占比"),
            "share",
            share_of("n_diagnoses = 1"),
            Text(
                "High: one diagnosis and nothing else, as on invented stays. "
                "Low: always several, as when codes are added.",
                "偏高说明只写一个诊断，偏低说明总附加多个诊断。",
            ),
            "both",
            ("H01", "H22"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "acquired_diagnoses_share",
            Text("Share of secondary diagnoses that were not there on admission", "非入院时已有次要诊断占比"),
            "share",
            ratio("n_acquired", "n_known"),
            Text(
                "Complications that arise in hospital: poor care, or codes that pay.",
                "住院期间新增的并发症：或质量问题，或为增收而编。",
            ),
            "high",
            ("H21", "H22"),
            missing_means="not known whether a secondary diagnosis was there on admission",
            needs=("diagnoses.is_present_on_admission",),
        ),
        Feature(
            "hospital_infection_share",
            Text("Share of stays with an infection that began in them", "院内感染发生率"),
            "share",
            share_of("n_infections > 0"),
            Text(
                "Seventh indicator of the national library: poor care, or a code that pays.",
                "国家指标之七：或诊疗质量问题，或为增收而编。",
            ),
            "high",
            ("H21",),
            missing_means="no inpatient stay",
            needs=("diagnoses.is_present_on_admission",),
        ),
        Feature(
            "symptom_diagnosis_share",
            Text("Share of stays whose principal diagnosis is a symptom", "主诊断为症状体征住院占比"),
            "share",
            share_known("diagnosis_chapter", "diagnosis_chapter = 'R'"),
            Text("The stay ended with a symptom and no illness found.", "住院结束仍只有症状，没有明确疾病。"),
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
            Text("Share of diagnosis codes that say unspecified (.9)", "未特指诊断编码（.9）占比"),
            "share",
            ratio("case when substr(diagnosis_code, 4, 2) = '.9' then n else 0 end", "n"),
            Text("Unspecified codes need no examination to write down.", "未特指编码无需检查即可填写。"),
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
            Text(
                "Share of stays' secondary diagnoses that no other bill of the patient names",
                "无其他就诊佐证的次要诊断占比",
            ),
            "share",
            share_of("is_known_elsewhere = 0"),
            Text("The complication appears on one bill and nowhere else.", "该并发症只出现在一次结算，别处均无佐证。"),
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
            Text("Share of the commonest of stays' secondary diagnoses", "最常见次要诊断占比"),
            "share",
            largest_share("n", 10),
            Text(
                "One secondary diagnosis on so many stays may come from habit or template.",
                "同一次要诊断反复出现，可能是习惯或模板。",
            ),
            "high",
            ("H21", "H30"),
            missing_means="fewer than ten secondary diagnoses of stays",
        ),
    ),
    needs=("diagnoses",),
)
