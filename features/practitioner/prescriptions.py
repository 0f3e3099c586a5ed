"""Prescriptions written: where and how fast they are filled, for whom, and how many on a day."""

from features.declare import Family, Feature
from features.expressions import hhi, largest_share, mean, mean_known, ratio, share_known, share_of
from features.vocabulary.text import Text

_NONE = "no prescription filled"
WRITTEN = Family(
    "prescriptions",
    "处方",
    "practitioner",
    "select practitioner_key as subject_key, * from written",
    (
        Feature(
            "prescriptions_count",
            Text("Prescriptions filled", "被调配处方数"),
            "count",
            "count(*)",
            Text(
                "Prescriptions under one name; a signature may be used by others.",
                "同一人名下处方过多，签名可能被他人使用。",
            ),
            "high",
            ("T07", "T11"),
            missing_means=_NONE,
        ),
        Feature(
            "prescriptions_per_patient_ratio",
            Text("Prescriptions per patient", "人均处方数"),
            "ratio",
            "cast(count(*) as double) / count(distinct person_key)",
            Text(
                "First of the five screens of prescribers: prescriptions for each patient.",
                "开方医师五项筛查之一：人均处方数。",
            ),
            "high",
            ("T11",),
            missing_means=_NONE,
        ),
        Feature(
            "issued_after_fill_share",
            Text("Share of prescriptions written after the sale", "先售药后开方占比"),
            "share",
            share_of("wait_seconds < 0"),
            Text(
                "Prescriptions dated after the sale may have been written from a list.",
                "处方晚于售药，可能按销售清单补方。",
            ),
            "high",
            ("T07",),
            missing_means=_NONE,
        ),
        Feature(
            "filled_at_once_share",
            Text("Share of prescriptions filled within ten minutes at a pharmacy", "10分钟内药店配药占比"),
            "share",
            ratio(
                "case when is_pharmacy and wait_seconds >= 0 and wait_seconds < 600 then 1 else 0 end",
                "case when is_pharmacy then 1 else 0 end",
            ),
            Text(
                "Ten minutes are short to leave the doctor and be served at a shop.",
                "十分钟内从就诊到药店取药，时间过短。",
            ),
            "high",
            ("T07", "R01"),
            missing_means="no prescription filled at a pharmacy",
        ),
        Feature(
            "prescription_without_visit_share",
            Text("Share of prescriptions for persons not seen that day", "开方当日无就诊占比"),
            "share",
            mean("1 - has_visit"),
            Text("No visit on the day: the patient may not have been seen.", "开方当日无就诊，可能未见患者。"),
            "high",
            ("T05", "T07"),
            missing_means=_NONE,
        ),
        Feature(
            "prescription_elsewhere_share",
            Text("Share of prescriptions issued away from the main registration", "非主执业机构开方占比"),
            "share",
            mean_known("is_elsewhere"),
            Text(
                "Prescriptions from a place where the doctor is not registered; a forger may know the name only.",
                "开方机构并非其执业机构，可能被冒名开方。",
            ),
            "high",
            ("T05", "R12"),
            missing_means="no prescription filled, or no main registration on record",
            needs=("practitioners.provider_id",),
        ),
        Feature(
            "prescription_paper_share",
            Text("Share of prescriptions on paper", "纸质处方占比"),
            "share",
            share_known("channel", "channel = 'paper'"),
            Text("Paper prescriptions leave no electronic record.", "纸质处方没有电子留痕。"),
            "high",
            ("T05",),
            missing_means="no channel given",
            needs=("prescriptions.channel",),
        ),
    ),
    needs=("prescriptions.prescriber_id", "prescriptions.dispense_settlement_id"),
)
SHOPS = Family(
    "prescriptions",
    "处方",
    "practitioner",
    "select practitioner_key as subject_key, provider_key, count(*) as n from written where is_pharmacy "
    "group by practitioner_key, provider_key",
    (
        Feature(
            "pharmacies_count",
            Text("Pharmacies that fill the prescriptions", "配药药店数"),
            "count",
            "count(*)",
            Text(
                "Third of the five screens. Low: prescriptions go to very few shops. High: to very many.",
                "五项筛查之三：偏低说明配药药店极少，偏高说明极多。",
            ),
            "both",
            ("T11", "T07"),
            missing_means="no prescription filled at a pharmacy",
        ),
        Feature(
            "top_pharmacy_share",
            Text("Share of prescriptions filled at one pharmacy", "最大药店配药占比"),
            "share",
            largest_share("n"),
            Text(
                "Nearly all prescriptions end at one shop; there may be no other nearby.",
                "处方几乎都在一家药店配取；附近也可能别无药店。",
            ),
            "high",
            ("T07", "R01"),
            missing_means="no prescription filled at a pharmacy",
        ),
        Feature(
            "pharmacy_hhi_ratio",
            Text("Concentration of prescriptions on pharmacies (HHI)", "配药药店集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("Patients left to choose would spread over shops.", "患者自由选择时，配药药店应较分散。"),
            "high",
            ("T07", "R01"),
            missing_means="no prescription filled at a pharmacy",
        ),
    ),
    needs=("prescriptions.prescriber_id", "prescriptions.dispense_settlement_id"),
)
PACE = Family(
    "prescriptions",
    "处方",
    "practitioner",
    "select practitioner_key as subject_key, day, count(*) as n from written group by practitioner_key, day",
    (
        Feature(
            "prescriptions_per_day_max_count",
            Text("Most prescriptions on one day", "单日最多处方数"),
            "count",
            "max(n)",
            Text("Fifth of the five screens: a pile signed in one day.", "五项筛查之五：单日集中开出大量处方。"),
            "high",
            ("T11", "T07"),
            missing_means=_NONE,
        ),
    ),
    needs=("prescriptions.prescriber_id", "prescriptions.dispense_settlement_id"),
)
FAMILIES = (WRITTEN, SHOPS, PACE)
