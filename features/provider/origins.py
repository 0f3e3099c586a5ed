"""Origins: distance and areas of patients' homes, and who comes with them."""

from features.declare import Family, Feature
from features.expressions import largest_share, share_among, share_of
from features.provider.panel import PANEL
from features.vocabulary.text import Text

_REGIONS = ("settlements.insured_region_code", "settlements.care_region_code")
_HAS_REGIONS = "insured_region_code is not null and care_region_code is not null"
_IS_AWAY = "substr(insured_region_code, 1, 4) <> substr(care_region_code, 1, 4)"

DISTANCE = Family(
    "origins",
    "患者来源",
    "provider",
    "select provider_key as subject_key, metres from patient_origins where metres is not null",
    (
        Feature(
            "home_distance_mean_kilometres",
            Text("Mean distance from patients' homes", "患者居住地平均距离"),
            "kilometres",
            "cast(sum(metres) as double) / count(*) / 1000",
            Text(
                "Patients passed nearer doors on the way; specialists draw from afar too.",
                "患者舍近求远；专科吸引远方患者也属正常。",
            ),
            "high",
            ("P14", "H07", "R08"),
            missing_means="no patient's home has a place on the map",
        ),
        Feature(
            "far_patients_share",
            Text("Share of patients living more than 50 km away", "居住地50公里外患者占比"),
            "share",
            share_of("metres > 50000"),
            Text("A few groups from afar vanish in the mean.", "少数远道而来的人群会被平均值掩盖。"),
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
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "insured_elsewhere_share",
            Text("Share of visits of people insured in another prefecture", "异地参保结算占比"),
            "share",
            share_among(_HAS_REGIONS, _IS_AWAY),
            Text("The fund that pays is far from where it can look.", "参保地医保部门难以就地核查。"),
            "high",
            ("P14",),
            missing_means="no area named",
        ),
        Feature(
            "other_county_share",
            Text("Share of visits of people insured in another county of the prefecture", "市内跨县就医结算占比"),
            "share",
            share_among(_HAS_REGIONS, f"insured_region_code <> care_region_code and not ({_IS_AWAY})"),
            Text("Patients come from the next county rather than from around.", "患者多来自邻县而非周边。"),
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
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "unfiled_elsewhere_share",
            Text("Share of visits from other prefectures without a filing", "异地就医未备案占比"),
            "share",
            share_among(_IS_AWAY, "filing_type is null"),
            Text("Care outside the area of insurance without the filing that it needs.", "异地就医未按规定备案。"),
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
    """
    select d.provider_key as subject_key, d.n, d.n_people, t.place from (
      select provider_key, township_code, day, cast(sum(n) as bigint) as n, count(*) as n_people from (
        select provider_key, township_code, day, person_key, count(*) as n
        from visits where township_code is not null group by provider_key, township_code, day, person_key
      ) p group by provider_key, township_code, day
    ) d join (
      select provider_key, township_code,
        row_number() over (partition by provider_key order by count(*) desc, township_code) as place
      from visits where township_code is not null group by provider_key, township_code
    ) t on t.provider_key = d.provider_key and t.township_code = d.township_code
    """,
    (
        Feature(
            "companions_share",
            Text(
                "Share of visits with two more people of one township that day, its main township left out",
                "同乡镇三人以上同日就诊占比（主要来源地除外）",
            ),
            "share",
            "cast(sum(case when place > 1 and n_people >= 3 then n else 0 end) as double) / sum(n)",
            Text(
                "Several people from one township on one day may have been brought together.",
                "同乡镇多人同日就诊，可能成批接送。",
            ),
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
    """
    select v.provider_key as subject_key, v.day, c.address_key, count(*) as n,
      case when min(v.person_key) < max(v.person_key) then 1 else 0 end as is_shared
    from visits v join contacts c on c.person_key = v.person_key
    where c.address_key is not null group by v.provider_key, v.day, c.address_key
    """,
    (
        Feature(
            "household_same_day_share",
            Text("Share of visits with another person of the same address that day", "同址两人以上同日就诊占比"),
            "share",
            "cast(sum(case when is_shared = 1 then n else 0 end) as double) / sum(n)",
            Text(
                "The cards of a household may have been brought together; families do fall ill together too.",
                "可能一家人的卡集中使用；家人同时患病也有可能。",
            ),
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
            Text("Share of patients first seen on one and the same day", "同一日首诊患者最高占比"),
            "share",
            largest_share("n", 10),
            Text(
                "Many first visits fall on one day, as when patients are recruited.", "首诊集中在某一天，可能集中招揽。"
            ),
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
    PANEL.relation,
    (
        Feature(
            "returning_patients_share",
            Text("Share of patients of the window's first half seen again in its second", "前半期患者后半期复诊占比"),
            "share",
            "case when max(oldest_months_back) > 1 then "
            "cast(sum(case when first_months_back * 2 > oldest_months_back "
            "and last_months_back * 2 <= oldest_months_back then 1 else 0 end) as double) "
            "/ nullif(sum(case when first_months_back * 2 > oldest_months_back then 1 else 0 end), 0) end",
            Text(
                "High: always the same cards. Low: nobody returns.", "偏高可能总是固定的卡，偏低可能是一次性拉来的人。"
            ),
            "both",
            ("R06", "H01", "P05"),
            missing_means="one month only, or no patient in the first half",
        ),
    ),
)
FAMILIES = (DISTANCE, AREAS, FILING, TOWNSHIPS, HOUSEHOLDS, FIRST_DAYS, RETURN)
