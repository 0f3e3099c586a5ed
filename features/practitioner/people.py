"""People: household, staff, returning and distant patients of a practitioner."""

from features.declare import Family, Feature
from features.expressions import hhi, mean_known, ratio, share_among, share_of
from features.vocabulary.text import Text

PANEL = Family(
    "people",
    "患者构成",
    "practitioner",
    "select practitioner_key as subject_key, * from practice_people",
    (
        Feature(
            "kin_share",
            Text("Share of patients of the practitioner's own household", "本人及亲属患者占比"),
            "share",
            mean_known("is_kin"),
            Text(
                "Cards of relatives are at hand; treating family is not forbidden as such.",
                "亲属的卡触手可得；为亲属诊治本身并不违规。",
            ),
            "high",
            ("H37", "P05"),
            missing_means="not known as an insured person",
            needs=("practitioners.person_id",),
        ),
        Feature(
            "kin_money_share",
            Text("Share of money on the practitioner's own household", "本人及亲属费用占比"),
            "share",
            ratio(
                "case when is_kin = 1 then greatest(amount, 0) else 0 end",
                "case when is_kin is not null then greatest(amount, 0) end",
            ),
            Text("How much of the money is for the practitioner and relatives.", "本人及亲属所占费用的多少。"),
            "high",
            ("H37",),
            missing_means="not known as an insured person, or nothing billed",
            needs=("practitioners.person_id",),
        ),
        Feature(
            "staff_share",
            Text("Share of patients who work at the practitioner's place", "本单位职工患者占比"),
            "share",
            share_of("is_staff = 1"),
            Text("Cards of colleagues are at hand.", "同事的卡触手可得。"),
            "high",
            ("H37", "R08"),
            needs=("practitioners.person_id", "practitioners.provider_id"),
        ),
        Feature(
            "seen_once_share",
            Text("Share of patients seen on one day only", "仅就诊一日患者占比"),
            "share",
            share_of("n_days = 1"),
            Text(
                "High: patients may have been gathered. Low: always the same cards.",
                "偏高可能是拉来的患者，偏低可能总是那几张卡。",
            ),
            "both",
            ("H01", "R08"),
        ),
        Feature(
            "visits_per_patient_max_count",
            Text("Most settlements of one patient", "单人最多结算次数"),
            "count",
            "max(n_visits)",
            Text("One card is settled so often that it may be kept at the desk.", "同一张卡结算过多，可能被留存使用。"),
            "high",
            ("P05", "H36"),
        ),
        Feature(
            "patient_hhi_ratio",
            Text("Concentration of settlements on patients (HHI)", "患者集中度（HHI）"),
            "ratio",
            hhi("n_visits"),
            Text("A small circle of cards carries the work.", "业务集中于少数几张卡。"),
            "high",
            ("R06", "P05"),
        ),
    ),
)
EXCLUSIVE = Family(
    "people",
    "患者构成",
    "practitioner",
    "select practitioner_key as subject_key, * from practice_people",
    (
        Feature(
            "exclusive_patients_share",
            Text("Share of returning patients whom no other practitioner attends", "独占复诊患者占比"),
            "share",
            share_among("is_attending = 1 and n_visits >= 2", "n_attending = 1"),
            Text("Patients who return and see nobody else.", "患者反复就诊且只找该医师。"),
            "high",
            ("R06", "H32"),
            missing_means="no attended patient came twice",
        ),
    ),
    needs=("settlements.attending_practitioner_id",),
)
ORIGINS = Family(
    "people",
    "患者构成",
    "practitioner",
    "select practitioner_key as subject_key, person_key, max(case when insured_region_code is null "
    "or care_region_code is null then null when substr(insured_region_code, 1, 4) = substr(care_region_code, 1, 4) "
    "then 0 else 1 end) as is_out_of_area from practice_visits group by practitioner_key, person_key",
    (
        Feature(
            "out_of_area_share",
            Text("Share of patients insured in another prefecture", "外地参保患者占比"),
            "share",
            mean_known("is_out_of_area"),
            Text("Patients came from afar, past other doctors.", "患者远道而来，舍近求远。"),
            "high",
            ("P14",),
            missing_means="regions unknown",
        ),
    ),
    needs=("settlements.insured_region_code", "settlements.care_region_code"),
)
HOMES = Family(
    "people",
    "患者构成",
    "practitioner",
    "select practitioner_key as subject_key, coalesce(township_code, home_region_code) as home, "
    "count(distinct person_key) as n from practice_visits where coalesce(township_code, home_region_code) is not null "
    "group by practitioner_key, coalesce(township_code, home_region_code)",
    (
        Feature(
            "home_area_hhi_ratio",
            Text("Concentration of patients' home areas (HHI)", "患者居住地集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("Patients come from few places; a village clinic's do too.", "患者来源地集中；村卫生室也会如此。"),
            "high",
            ("H07", "R08"),
            missing_means="homes unknown",
        ),
    ),
    needs=("persons.home_region_code",),
)
FAMILIES = (PANEL, EXCLUSIVE, ORIGINS, HOMES)
