"""Calendar: when settlements and admissions happen."""

from features.declare import Family, Feature
from features.expressions import share_of
from features.vocabulary.text import Text

SETTLING = Family(
    "calendar",
    "时间分布",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
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
            ("H29",),
        ),
        Feature(
            "off_hours_share",
            Text("Share of settlements between 22:00 and 06:00", "夜间（22时至6时）结算占比"),
            "share",
            f"case when max(hour) > 0 then {share_of('hour >= 22 or hour < 6')} end",
            Text("Settled at night, when most providers are shut.", "多在夜间结算，而多数机构此时已停业。"),
            "high",
            ("P07", "T09"),
            missing_means="times carry no hour",
        ),
        Feature(
            "month_end_share",
            Text("Share of settlements from the 28th on", "月末（28日起）结算占比"),
            "share",
            share_of("day_of_month >= 28"),
            Text("Volume may be pushed to meet a month's plan.", "可能为完成月度指标突击结算。"),
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
            Text("Share of settlements on the busiest day", "最忙日结算占比"),
            "share",
            "case when sum(n) >= 20 then cast(max(n) as double) / sum(n) end",
            Text("People brought together are settled within a day.", "集中组织的人群往往在一天内办完。"),
            "high",
            ("H01", "H29"),
            missing_means="fewer than twenty settlements",
        ),
        Feature(
            "patients_per_day_max_count",
            Text("Most patients on one day", "单日最多患者数"),
            "count",
            "max(n_people)",
            Text("More than staff and rooms can serve.", "超出人员和场地的接待能力。"),
            "high",
            ("H32", "P06"),
        ),
    ),
)
FAMILIES = (SETTLING, DAYS)
