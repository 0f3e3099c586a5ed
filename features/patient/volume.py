"""Volume: how often a person is settled, and how suddenly."""

from features.declare import Family, Feature
from features.expressions import share_of
from features.vocabulary.text import Text

_DAYS = """
select person_key as subject_key, day, cast(sum(n) as bigint) as n, count(*) as n_providers from (
  select person_key, day, provider_key, count(*) as n from visits group by person_key, day, provider_key
) p group by person_key, day
"""
VOLUME = Family(
    "volume",
    "就诊量",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "settlements_count",
            Text("Settlements", "结算次数"),
            "count",
            "count(*)",
            Text("Size, the base of every rate.", "结算规模，是各项比率的基数。"),
            "high",
            ("P04",),
        ),
        Feature(
            "settlements_count_1m",
            Text("Settlements this month", "当月结算次数"),
            "count",
            "sum(case when months_back = 1 then 1 else 0 end)",
            Text("Cards held by others are used in bursts.", "被他人集中持有的卡常呈突击使用。"),
            "high",
            ("P05", "P06"),
            "1m",
        ),
        Feature(
            "settlements_count_3m",
            Text("Settlements in three months", "近3月结算次数"),
            "count",
            "sum(case when months_back <= 3 then 1 else 0 end)",
            Text("Smoother than a month.", "比单月平稳，比整个窗口更灵敏。"),
            "high",
            ("P04",),
            "3m",
        ),
        Feature(
            "claim_lines_count",
            Text("Claim lines", "明细条数"),
            "count",
            "sum(n_lines)",
            Text("How many lines are billed for this person.", "为本人结算的明细多少。"),
            "high",
            needs=("claim_lines",),
        ),
        Feature(
            "pharmacy_settlements_count",
            Text("Pharmacy settlements", "药店购药次数"),
            "count",
            "sum(case when encounter_type = 'pharmacy' then 1 else 0 end)",
            Text("Frequent purchases at the counter may be stockpiling.", "频繁到药店购药，可能在囤药。"),
            "high",
            ("P02", "T13"),
        ),
    ),
)
PROVIDERS = Family(
    "volume",
    "就诊量",
    "patient",
    "select person_key as subject_key, n_providers from people",
    (
        Feature(
            "providers_count",
            Text("Providers used", "就诊机构数"),
            "count",
            "max(n_providers)",
            Text("Many places for like complaints may be doctor shopping.", "为相近病情去多家机构，可能在重复开药。"),
            "high",
            ("P01", "P04"),
        ),
    ),
)
VISIT_DAYS = Family(
    "volume",
    "就诊量",
    "patient",
    _DAYS,
    (
        Feature(
            "visit_days_count",
            Text("Days with settlements", "有结算天数"),
            "count",
            "count(*)",
            Text("More days of care than illness usually explains.", "就医天数多于病情通常所需。"),
            "high",
            ("P04",),
        ),
    ),
)
DAYS = Family(
    "calendar",
    "时间分布",
    "patient",
    _DAYS,
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
            "cast(sum(case when n_providers > 1 then 1 else 0 end) as double) / count(*)",
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
            f"case when max(hour) > 0 then {share_of('hour >= 22 or hour < 6')} end",
            Text("Settled at night, when most providers are shut.", "多在夜间结算，而多数机构此时已停业。"),
            "high",
            ("P07",),
        ),
        Feature(
            "weekend_share",
            Text("Share of settlements on weekends", "周末结算占比"),
            "share",
            share_of("weekday >= 6"),
            Text(
                "High: mostly on weekends, when little is checked. Low: none, as when entries are made on office days.",
                "偏高说明多在周末，核查较少；偏低可能集中在工作日录入。",
            ),
            "both",
            ("P07",),
        ),
    ),
)
FAMILIES = (VOLUME, PROVIDERS, VISIT_DAYS, DAYS, TIMES)
