"""Origins: how far patients come, from which area, and who comes with them."""

from features.declare import Family, Feature
from features.expressions import share_of

_REGIONS = ("settlements.insured_region_code", "settlements.care_region_code")
_IS_AWAY = "substr(insured_region_code, 1, 4) <> substr(care_region_code, 1, 4)"

DISTANCE = Family(
    "origins",
    "患者来源",
    "provider",
    "select provider_key as subject_key, metres from patient_origins where metres is not null",
    (
        Feature(
            "home_distance_mean_kilometres",
            "Mean distance from patients' homes",
            "患者居住地平均距离（公里）",
            "kilometres",
            "cast(sum(metres) as double) / count(*) / 1000",
            "Patients who are fetched pass nearer doors on the way.",
            "high",
            ("P14", "H07", "R08"),
            missing_means="no patient's home has a place on the map",
        ),
        Feature(
            "far_patients_share",
            "Share of patients living more than 50 km away",
            "居住地50公里外患者占比",
            "share",
            share_of("metres > 50000"),
            "A few busloads vanish in the mean.",
            "high",
            ("P14", "R08", "T06"),
            missing_means="no patient's home has a place on the map",
        ),
    ),
    needs=("ref_regions.longitude", "ref_regions.latitude", "providers.longitude", "providers.latitude"),
)
AREAS = Family(
    "origins",
    "患者来源",
    "provider",
    "select provider_key as subject_key, * from visits "
    "where insured_region_code is not null and care_region_code is not null",
    (
        Feature(
            "insured_elsewhere_share",
            "Share of visits of people insured in another prefecture",
            "异地参保结算占比",
            "share",
            share_of(_IS_AWAY),
            "The fund that pays is far from the fund that looks.",
            "high",
            ("P14",),
            missing_means="no area named",
        ),
        Feature(
            "other_county_share",
            "Share of visits of people insured in another county of the prefecture",
            "市内跨县就医结算占比",
            "share",
            share_of(f"insured_region_code <> care_region_code and not ({_IS_AWAY})"),
            "Collected from the next county, where nobody knows the place.",
            "high",
            ("P14", "H07"),
            missing_means="no area named",
        ),
    ),
    needs=_REGIONS,
)
FILING = Family(
    "origins",
    "患者来源",
    "provider",
    "select provider_key as subject_key, filing_type from visits "
    f"where insured_region_code is not null and care_region_code is not null and {_IS_AWAY}",
    (
        Feature(
            "unfiled_elsewhere_share",
            "Share of visits from other prefectures without a filing",
            "异地就医未备案占比",
            "share",
            share_of("filing_type is null"),
            "Nobody at home was told.",
            "high",
            ("P14",),
            missing_means="nobody came from another prefecture",
        ),
    ),
    needs=(*_REGIONS, "settlements.filing_type"),
)
TOWNSHIPS = Family(
    "origins",
    "患者来源",
    "provider",
    "select provider_key as subject_key, n, n_people, place from township_days",
    (
        Feature(
            "companions_share",
            "Share of visits with two more people of one township that day, its main township left out",
            "同乡镇三人以上同日就诊占比（主要来源地除外）",
            "share",
            "cast(sum(case when place > 1 and n_people >= 3 then n else 0 end) as double) / sum(n)",
            "A minibus holds a dozen people from one village.",
            "high",
            ("R02", "H07", "P14"),
            missing_means="no patient's township known",
        ),
    ),
    needs=("persons.township_code",),
)
HOUSEHOLDS = Family(
    "origins",
    "患者来源",
    "provider",
    "select provider_key as subject_key, n, n_people from household_days",
    (
        Feature(
            "household_same_day_share",
            "Share of visits with another person of the same address that day",
            "同址两人以上同日就诊占比",
            "share",
            "cast(sum(case when n_people >= 2 then n else 0 end) as double) / sum(n)",
            "The cards of a household are brought together.",
            "high",
            ("P06", "R03", "P05"),
            missing_means="no patient's address known",
        ),
    ),
    needs=("persons.address_hash",),
)
FIRST_DAYS = Family(
    "origins",
    "患者来源",
    "provider",
    "select provider_key as subject_key, first_day, count(*) as n from provider_people "
    "group by provider_key, first_day",
    (
        Feature(
            "recruitment_day_share",
            "Share of patients first seen on one and the same day",
            "同一日首诊患者最高占比",
            "share",
            "case when sum(n) >= 10 then cast(max(n) as double) / sum(n) end",
            "Recruited patients begin on the recruiter's day.",
            "high",
            ("H01", "R08", "P06"),
            missing_means="fewer than ten patients",
        ),
    ),
)
RETURN = Family(
    "origins",
    "患者来源",
    "provider",
    "select v.provider_key as subject_key, v.person_key, k.oldest, max(v.w) as first_w, min(v.w) as last_w "
    "from visits v cross join (select max(w) as oldest from visits) k where k.oldest > 1 "
    "group by v.provider_key, v.person_key, k.oldest",
    (
        Feature(
            "returning_patients_share",
            "Share of patients of the window's first half seen again in its second",
            "前半期患者后半期复诊占比",
            "share",
            "cast(sum(case when first_w * 2 > oldest and last_w * 2 <= oldest then 1 else 0 end) as double) "
            "/ nullif(sum(case when first_w * 2 > oldest then 1 else 0 end), 0)",
            "Fixed cards always come again, hired ones never.",
            "both",
            ("R06", "H01", "P05"),
            missing_means="one month only, or no patient in the first half",
        ),
    ),
)
FAMILIES = (DISTANCE, AREAS, FILING, TOWNSHIPS, HOUSEHOLDS, FIRST_DAYS, RETURN)
