"""Prescriptions filled for a person: before or after the sale, with or without a visit, from whom and how far."""

from features.declare import Family, Feature
from features.expressions import mean_known, share_of
from features.vocabulary.text import Text

_NONE = "no prescription filled"

FILLED = Family(
    "prescriptions",
    "处方",
    "patient",
    "select buyer_key as subject_key, * from fills",
    (
        Feature(
            "prescriptions_count",
            Text("Prescriptions filled", "调配处方数"),
            "count",
            "count(*)",
            Text(
                "Second of the eight screens of pharmacies, seen from the patient.", "药店八项筛查之二，从患者侧观察。"
            ),
            "high",
            ("T10", "P02"),
            missing_means=_NONE,
        ),
        Feature(
            "prescription_after_sale_share",
            Text("Share of prescriptions written after the sale", "先购药后补方占比"),
            "share",
            share_of("wait_seconds < 0"),
            Text(
                "The prescription was written after the sale, perhaps to cover it.",
                "先售药后补处方，医师可能未见患者。",
            ),
            "high",
            ("T05", "T07", "R01"),
            missing_means=_NONE,
        ),
        Feature(
            "prescription_without_visit_share",
            Text("Share of prescriptions without a visit to the issuer that day", "无就诊记录处方占比"),
            "share",
            share_of("has_visit = 0"),
            Text(
                "A prescription without a visit: the patient may not have been there.",
                "有处方无就诊记录，患者可能未到场。",
            ),
            "high",
            ("T05", "R01"),
            missing_means=_NONE,
        ),
        Feature(
            "prescription_paper_share",
            Text("Share of prescriptions on paper", "纸质处方占比"),
            "share",
            share_of("channel = 'paper'"),
            Text(
                "Paper prescriptions are the easiest to forge and the hardest to check.",
                "纸质处方最易伪造，也最难核对。",
            ),
            "high",
            ("T05",),
            missing_means=_NONE,
            needs=("prescriptions.channel",),
        ),
        Feature(
            "prescription_for_others_share",
            Text("Share of prescriptions that name another person than the card", "处方与参保人不符占比"),
            "share",
            share_of("buyer_key <> person_key"),
            Text("Prescriptions of other people are filled on this card.", "用本人的卡配取他人的处方。"),
            "high",
            ("P05", "T05"),
            missing_means=_NONE,
        ),
        Feature(
            "prescription_far_share",
            Text("Share of prescriptions from an issuer more than 20 km from the shop", "20公里外开方占比"),
            "share",
            mean_known("is_far"),
            Text(
                "The prescription was carried a long way, past nearer shops.", "处方来自远处，途经更近的药店却未配取。"
            ),
            "high",
            ("T05", "T07"),
            missing_means="no prescription whose ways are known",
            needs=("providers.longitude", "providers.latitude"),
        ),
        Feature(
            "prescription_issuers_count",
            Text("Providers that issued the prescriptions", "处方来源机构数"),
            "count",
            "count(distinct issuing_provider_key)",
            Text("Prescriptions are gathered from many places.", "处方来自多家机构，可能到处开药。"),
            "high",
            ("P04",),
            missing_means=_NONE,
        ),
    ),
    needs=("prescriptions",),
)
FAMILIES = (FILLED,)
