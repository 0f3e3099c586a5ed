"""Calendar: when settlements and admissions happen."""

from features.declare import Family, Feature
from features.expressions import share_of

SETTLING = Family(
    "calendar",
    "时间分布",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "weekend_share",
            "Share of settlements on weekends",
            "周末结算占比",
            "share",
            share_of("weekday >= 6"),
            "Quiet days are used to bill unseen.",
            "both",
            ("H29",),
        ),
        Feature(
            "off_hours_share",
            "Share of settlements between 22:00 and 06:00",
            "夜间（22时至6时）结算占比",
            "share",
            f"case when max(hour) > 0 then {share_of('hour >= 22 or hour < 6')} end",
            "Cards swiped after closing time.",
            "high",
            ("P07", "T09"),
            missing_means="times carry no hour",
        ),
        Feature(
            "month_end_share",
            "Share of settlements from the 28th on",
            "月末（28日起）结算占比",
            "share",
            share_of("day_of_month >= 28"),
            "Volume pushed to meet a month's plan.",
            "high",
            ("H33",),
        ),
    ),
)
DAYS = Family(
    "calendar",
    "时间分布",
    "provider",
    "select provider_key as subject_key, day, count(*) as n, count(distinct person_key) as n_people, "
    "cast(sum(total_amount) as bigint) as amount from visits group by provider_key, day",
    (
        Feature(
            "busiest_day_share",
            "Share of settlements on the busiest day",
            "最忙日结算占比",
            "share",
            "case when sum(n) >= 20 then cast(max(n) as double) / sum(n) end",
            "Recruited patients are processed in a day.",
            "high",
            ("H01", "H29"),
            missing_means="fewer than twenty settlements",
        ),
        Feature(
            "patients_per_day_max_count",
            "Most patients on one day",
            "单日最多患者数",
            "count",
            "max(n_people)",
            "More than staff and rooms can serve.",
            "high",
            ("H32", "P06"),
        ),
    ),
)
FAMILIES = (SETTLING, DAYS)
