"""Coding: the diagnoses a practitioner attends to."""

from features.declare import Family, Feature
from features.expressions import hhi, share_among

CODES = Family(
    "coding",
    "诊断编码",
    "practitioner",
    "select practitioner_key as subject_key, * from practice_visits",
    (
        Feature(
            "diagnoses_per_settlement_ratio",
            "Diagnoses per attended settlement",
            "次均诊断数",
            "ratio",
            "cast(sum(case when is_attending = 1 then n_diagnoses end) as double) / nullif(sum(is_attending), 0)",
            "Padding adds codes.",
            "high",
            ("H21", "H18"),
            missing_means="no settlement attended",
        ),
        Feature(
            "without_diagnosis_share",
            "Share of attended settlements without a diagnosis",
            "无诊断结算占比",
            "share",
            share_among("is_attending = 1", "n_diagnoses = 0"),
            "Who saw the patient knows why.",
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
            "Concentration of principal diagnoses (HHI)",
            "主要诊断集中度（HHI）",
            "ratio",
            hhi("n"),
            "Everybody has the same illness.",
            "high",
            ("H30", "H03"),
            missing_means="no diagnosis on attended settlements",
        ),
    ),
    needs=("settlements.attending_practitioner_id", "diagnoses"),
)
FAMILIES = (CODES, SPREAD)
