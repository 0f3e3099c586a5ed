"""Volume: how often a person is settled, and how suddenly."""

from features.declare import Family, Feature
from features.expressions import share_of

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
            "Settlements",
            "结算次数",
            "count",
            "count(*)",
            "Size, the base of every rate.",
            "high",
            ("P04",),
        ),
        Feature(
            "settlements_count_1m",
            "Settlements this month",
            "当月结算次数",
            "count",
            "sum(case when w = 1 then 1 else 0 end)",
            "Cards in a dealer's hand are used in bursts.",
            "high",
            ("P05", "P06"),
            "1m",
        ),
        Feature(
            "settlements_count_3m",
            "Settlements in three months",
            "近3月结算次数",
            "count",
            "sum(case when w <= 3 then 1 else 0 end)",
            "Smoother than a month.",
            "high",
            ("P04",),
            "3m",
        ),
        Feature(
            "claim_lines_count",
            "Claim lines",
            "明细条数",
            "count",
            "sum(n_lines)",
            "Breadth of what is billed.",
            "high",
            needs=("claim_lines",),
        ),
        Feature(
            "pharmacy_settlements_count",
            "Pharmacy settlements",
            "药店购药次数",
            "count",
            "sum(case when encounter_type = 'pharmacy' then 1 else 0 end)",
            "Stockpiling shows at the counter.",
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
            "Providers used",
            "就诊机构数",
            "count",
            "max(n_providers)",
            "Doctor shopping.",
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
            "Days with settlements",
            "有结算天数",
            "count",
            "count(*)",
            "More days than illness explains.",
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
            "Most settlements on one day",
            "单日最多结算次数",
            "count",
            "max(n)",
            "One card, many swipes.",
            "high",
            ("P07", "P06"),
        ),
        Feature(
            "providers_per_day_max_count",
            "Most providers on one day",
            "单日最多机构数",
            "count",
            "max(n_providers)",
            "Several places at once.",
            "high",
            ("P01", "P05"),
        ),
        Feature(
            "multi_provider_days_share",
            "Share of days with two or more providers",
            "一日多机构天数占比",
            "share",
            "cast(sum(case when n_providers > 1 then 1 else 0 end) as double) / count(*)",
            "A clinic and then a pharmacy is ordinary; always is not.",
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
            "Share of settlements between 22:00 and 06:00",
            "夜间（22时至6时）结算占比",
            "share",
            f"case when max(hour) > 0 then {share_of('hour >= 22 or hour < 6')} end",
            "Swiped after closing time.",
            "high",
            ("P07",),
        ),
        Feature(
            "weekend_share",
            "Share of settlements on weekends",
            "周末结算占比",
            "share",
            share_of("weekday >= 6"),
            "A habit of quiet days.",
            "both",
            ("P07",),
        ),
    ),
)
FAMILIES = (VOLUME, PROVIDERS, VISIT_DAYS, DAYS, TIMES)
