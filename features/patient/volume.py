"""Volume: how often a person is settled, at how many providers and on how many days."""

from features.declare import Family, Feature
from features.expressions import count_where
from features.vocabulary.text import Text

# One row per person and day.
PERSON_DAYS = """
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
            count_where("months_back = 1"),
            Text("Cards held by others are used in bursts.", "被他人集中持有的卡常呈突击使用。"),
            "high",
            ("P05", "P06"),
            "1m",
        ),
        Feature(
            "settlements_count_3m",
            Text("Settlements in three months", "近3月结算次数"),
            "count",
            count_where("months_back <= 3"),
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
            count_where("encounter_type = 'pharmacy'"),
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
DAYS = Family(
    "volume",
    "就诊量",
    "patient",
    PERSON_DAYS,
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
FAMILIES = (VOLUME, PROVIDERS, DAYS)
