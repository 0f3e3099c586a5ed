"""Voices: complaints about a provider, and patients satisfied in surveys."""

from features.declare import Family, Feature
from features.vocabulary.text import Text

COMPLAINTS = Family(
    "voices",
    "举报与满意度",
    "provider",
    """
    select p.provider_key as subject_key, p.n_patients, coalesce(c.n, 0) as n from (
      select provider_key, count(*) as n_patients from provider_people group by provider_key
    ) p left join (
      select k.provider_key, count(*) as n from complaints x
      join codes_provider k on k.provider_id = x.subject_id where x.subject_type = 'provider' group by k.provider_key
    ) c on c.provider_key = p.provider_key
    """,
    (
        Feature(
            "complaints_per_thousand_patients_ratio",
            Text("Complaints per thousand patients", "每千名患者举报投诉数"),
            "ratio",
            "cast(sum(n) as double) * 1000 / sum(n_patients)",
            Text("Staff and patients often notice first.", "内部人员和患者往往最先察觉。"),
            "high",
            ("H07", "H15"),
        ),
    ),
    needs=("complaints",),
)
SURVEYS = Family(
    "voices",
    "举报与满意度",
    "provider",
    "select s.provider_key as subject_key, s.n_responses, "
    "cast(round(s.n_responses * s.satisfied_share * 1000000) as bigint) as satisfied from surveys s "
    "join (select distinct month from money) m on m.month = s.month",
    (
        Feature(
            "satisfied_share",
            Text("Share of surveyed patients who were satisfied", "患者满意度"),
            "share",
            "cast(sum(satisfied) as double) / 1000000 / nullif(sum(n_responses), 0)",
            Text("Care cut short or not given leaves people dissatisfied.", "服务缩水或未提供，患者满意度会下降。"),
            "low",
            ("H25", "H24"),
            missing_means="nobody was asked",
        ),
    ),
    needs=("surveys",),
)
FAMILIES = (COMPLAINTS, SURVEYS)
