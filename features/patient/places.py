"""Places: areas and regions of care, distance from home, providers not seen before, and pharmacies."""

from features.declare import Family, Feature
from features.expressions import count_where, ratio, share_among
from features.patient.concentration import PROVIDERS
from features.vocabulary.text import Text

_HAS_REGIONS = "insured_region_code is not null and care_region_code is not null"
_AREAS = ("settlements.insured_region_code", "settlements.care_region_code")

AREAS = Family(
    "places",
    "就医地点",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "care_areas_count",
            Text("Areas where care was given", "就医地数"),
            "count",
            f"nullif(count(distinct case when {_HAS_REGIONS} then care_region_code end), 0)",
            Text(
                "The card is used in more areas than one person usually travels.",
                "就医地过多，超出一人通常的活动范围。",
            ),
            "high",
            ("P05", "P14"),
            missing_means="no area named",
        ),
        Feature(
            "out_of_area_share",
            Text("Share of settlements outside the insured area", "参保地外就医占比"),
            "share",
            share_among(_HAS_REGIONS, "insured_region_code <> care_region_code"),
            Text("Care far from the fund that pays is looked at least.", "参保地以外就医，核查较难。"),
            "high",
            ("P14",),
            missing_means="no area named",
        ),
    ),
    needs=_AREAS,
)
DAYS = Family(
    "places",
    "就医地点",
    "patient",
    "select v.person_key as subject_key, v.day, count(distinct o.region_code) as n_regions "
    "from visits v join providers o on o.provider_key = v.provider_key where not v.is_inpatient "
    "group by v.person_key, v.day",
    (
        Feature(
            "two_regions_days_count",
            Text("Days with visits in two regions", "一日跨区就诊天数"),
            "count",
            count_where("n_regions > 1"),
            Text(
                "Two regions on one day: two people may be using one card.", "同一天在两个地区就诊，可能两人共用一卡。"
            ),
            "high",
            ("P01", "P05"),
            missing_means="no visit outside a stay",
        ),
    ),
    needs=("providers.region_code",),
)
DISTANCE = Family(
    "places",
    "就医地点",
    "patient",
    "select person_key as subject_key, metres, greatest(total_amount, 0) as amount from patient_origins "
    "where metres is not null",
    (
        Feature(
            "provider_distance_mean_kilometres",
            Text("Mean distance from home to the providers", "居住地至就诊机构平均距离"),
            "kilometres",
            "cast(sum(metres) as double) / count(*) / 1000",
            Text("Nearer providers were passed on the way.", "舍近求远，途中有更近的机构。"),
            "high",
            ("P14", "R08"),
            missing_means="home without a place on the map",
        ),
        Feature(
            "far_money_share",
            Text("Share of money more than 50 km from home", "50公里外费用占比"),
            "share",
            ratio("case when metres > 50000 then amount else 0 end", "amount"),
            Text(
                "Money spent far from home: a transported patient, or a card in other hands.",
                "远处就医费用高：可能被车接送，或卡在他人手中。",
            ),
            "high",
            ("P14", "H07", "R08"),
            missing_means="home without a place on the map, or nothing billed",
        ),
    ),
    needs=("ref_regions.longitude", "ref_regions.latitude", "providers.longitude", "providers.latitude"),
)
NEW = Family(
    "places",
    "就医地点",
    "patient",
    PROVIDERS.relation,
    (
        Feature(
            "new_providers_share_1m",
            Text(
                "Share of this month's settlements at providers not seen before in the window",
                "当月首次就诊机构结算占比",
            ),
            "share",
            "case when max(oldest_months_back) > 1 then "
            "cast(sum(case when first_months_back = 1 then n_visits_1m else 0 end) as double) "
            "/ nullif(sum(n_visits_1m), 0) end",
            Text("A card passed on appears where its owner never went.", "卡被转手后，常出现在本人从未去过的机构。"),
            "high",
            ("P05", "P06"),
            "1m",
            missing_means="one month only, or nothing this month",
        ),
    ),
)
PHARMACIES = Family(
    "places",
    "就医地点",
    "patient",
    "select person_key as subject_key, provider_key, day from counter_sales",
    (
        Feature(
            "pharmacies_count",
            Text("Pharmacies", "购药药店数"),
            "count",
            "count(distinct provider_key)",
            Text(
                "Small purchases at many counters can empty an account unseen.",
                "在多家药店小额购药，可在不显眼中用尽账户。",
            ),
            "high",
            ("P01", "P02"),
            missing_means="nothing bought at a pharmacy",
        ),
    ),
    needs=("providers.provider_type",),
)
FAMILIES = (AREAS, DAYS, DISTANCE, NEW, PHARMACIES)
