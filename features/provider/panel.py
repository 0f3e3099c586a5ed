"""Panel: patients seen once, new, or shared with other providers."""

from features.declare import Family, Feature
from features.expressions import mean, ratio, share_of
from features.vocabulary.text import Text

PANEL = Family(
    "panel",
    "服务人群",
    "provider",
    "select pp.provider_key as subject_key, pp.n_visits, pp.first_months_back, pp.last_months_back, p.n_providers, "
    "p.n_visits as all_visits, k.oldest_months_back "
    "from provider_people pp join people p on p.person_key = pp.person_key "
    "cross join (select max(months_back) as oldest_months_back from visits) k",
    (
        Feature(
            "seen_once_share",
            Text("Share of patients seen once", "仅就诊一次患者占比"),
            "share",
            share_of("n_visits = 1"),
            Text(
                "High: recruited patients come once. Low: always the same cards.",
                "偏高可能是拉来的患者，偏低可能总是固定的卡。",
            ),
            "both",
            ("H01", "H07"),
        ),
        Feature(
            "shared_patients_share",
            Text("Share of patients who also use other providers", "与其他机构共有患者占比"),
            "share",
            share_of("n_providers > 1"),
            Text(
                "High: patients go round between providers, by referral or by arrangement. Low: a closed circle.",
                "偏高说明患者在机构间轮转，可能是转诊也可能是约定；偏低则为封闭圈。",
            ),
            "both",
            ("R01", "R05", "P01"),
        ),
        Feature(
            "exclusive_patients_share",
            Text("Share of patients who use no other provider", "独占患者占比"),
            "share",
            share_of("n_providers = 1"),
            Text(
                "High: a closed circle around one provider. Low: patients shared with others.",
                "偏高说明患者只围绕一家机构，偏低说明患者与他处共有。",
            ),
            "both",
            ("R06",),
        ),
        Feature(
            "providers_per_patient_ratio",
            Text("Providers used per patient", "患者人均就诊机构数"),
            "ratio",
            mean("n_providers"),
            Text("Patients who tour doctors and shops use many.", "四处就医购药者使用机构多。"),
            "high",
            ("P01", "P04"),
        ),
        Feature(
            "new_patients_share_1m",
            Text("Share of patients first seen this month", "当月新增患者占比"),
            "share",
            f"case when max(oldest_months_back) > 1 then {share_of('first_months_back = 1')} end",
            Text("A wave of people who were never seen before.", "短期内涌入大量新患者。"),
            "high",
            ("H01", "P06"),
            "1m",
            "no earlier month in the window",
        ),
        Feature(
            "patient_visits_here_share",
            Text("Share of its patients' visits made here", "患者在本机构就诊占比"),
            "share",
            ratio("n_visits", "all_visits"),
            Text(
                "High: patients go nowhere else. Low: people who belong elsewhere and come once.",
                "偏高说明患者只来此处，偏低说明多为偶来的外来患者。",
            ),
            "both",
            ("R06",),
        ),
    ),
)
FAMILIES = (PANEL,)
