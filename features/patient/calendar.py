"""Calendar: settlements and providers within one day, at night and on weekends."""

from features.declare import Family, Feature
from features.expressions import IS_AT_NIGHT, IS_WEEKEND, share_of
from features.patient.volume import PERSON_DAYS
from features.vocabulary.text import Text

DAYS = Family(
    "calendar",
    "时间分布",
    "patient",
    PERSON_DAYS,
    (
        Feature(
            "settlements_per_day_max_count",
            Text("Most settlements on one day", "单日最多结算次数"),
            "count",
            "max(n)",
            Text("One card settled many times on one day.", "一张卡单日多次结算。"),
            "high",
            ("P07", "P06"),
        ),
        Feature(
            "providers_per_day_max_count",
            Text("Most providers on one day", "单日最多机构数"),
            "count",
            "max(n_providers)",
            Text("Several places on one day may mean several users.", "一天内在多家机构结算，可能不止一人使用。"),
            "high",
            ("P01", "P05"),
        ),
        Feature(
            "multi_provider_days_share",
            Text("Share of days with two or more providers", "一日多机构天数占比"),
            "share",
            share_of("n_providers > 1"),
            Text(
                "A clinic and then a pharmacy is ordinary; several places on most days is not.",
                "先就诊后购药属正常，多数日子都跑多家则不寻常。",
            ),
            "high",
            ("P01", "R01"),
        ),
    ),
)
TIMES = Family(
    "calendar",
    "时间分布",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "off_hours_share",
            Text("Share of settlements between 22:00 and 06:00", "夜间（22时至6时）结算占比"),
            "share",
            f"case when max(hour) > 0 then {share_of(IS_AT_NIGHT)} end",
            Text("Settled at night, when most providers are shut.", "多在夜间结算，而多数机构此时已停业。"),
            "high",
            ("P07",),
        ),
        Feature(
            "weekend_share",
            Text("Share of settlements on weekends", "周末结算占比"),
            "share",
            share_of(IS_WEEKEND),
            Text(
                "High: mostly on weekends, when little is checked. Low: none, as when entries are made on office days.",
                "偏高说明多在周末，核查较少；偏低可能集中在工作日录入。",
            ),
            "both",
            ("P07",),
        ),
    ),
)
FAMILIES = (DAYS, TIMES)
