"""Coding: number, absence and concentration of diagnoses on attended settlements."""

from features.declare import Family, Feature
from features.expressions import hhi, ratio, share_among
from features.vocabulary.text import Text

CODES = Family(
    "coding",
    "诊断编码",
    "practitioner",
    "select practitioner_key as subject_key, * from practice_visits",
    (
        Feature(
            "diagnoses_per_settlement_ratio",
            Text("Diagnoses per attended settlement", "次均诊断数"),
            "ratio",
            ratio("case when is_attending = 1 then n_diagnoses end", "is_attending"),
            Text(
                "More diagnoses may lift payment groups; sicker patients have more too.",
                "诊断偏多可能抬高病组；病情复杂也会如此。",
            ),
            "high",
            ("H21", "H18"),
            missing_means="no settlement attended",
        ),
        Feature(
            "without_diagnosis_share",
            Text("Share of attended settlements without a diagnosis", "无诊断结算占比"),
            "share",
            share_among("is_attending = 1", "n_diagnoses = 0"),
            Text("The doctor who saw the patient should know why.", "接诊医师应写明诊断。"),
            "high",
            ("H31",),
            missing_means="no settlement attended",
        ),
    ),
    needs=("settlements.attending_practitioner_id", "diagnoses"),
)
SPREAD = Family(
    "coding",
    "诊断编码",
    "practitioner",
    "select practitioner_key as subject_key, diagnosis_group, count(*) as n from practice_visits "
    "where is_attending = 1 and diagnosis_group is not null group by practitioner_key, diagnosis_group",
    (
        Feature(
            "diagnosis_hhi_ratio",
            Text("Concentration of principal diagnoses (HHI)", "主要诊断集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text(
                "High: nearly all have one diagnosis, as some specialties do. Low: everything, for everybody.",
                "偏高说明几乎都是同一诊断，部分专科属正常；偏低说明病种过杂。",
            ),
            "high",
            ("H30", "H03"),
            missing_means="no diagnosis on attended settlements",
        ),
    ),
    needs=("settlements.attending_practitioner_id", "diagnoses"),
)
FAMILIES = (CODES, SPREAD)
