"""Calendar: on which hours, days, weeks and months settlements fall, and how close together."""

from features.declare import Family, Feature, Quantile
from features.expressions import IS_AT_NIGHT, IS_WEEKEND, entropy, largest_share, share_of
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
            share_of(IS_WEEKEND),
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
            f"case when max(hour) > 0 then {share_of(IS_AT_NIGHT)} end",
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
BUSIEST_DAY = Family(
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
            largest_share("n", 20),
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
HOURS = Family(
    "calendar",
    "时间分布",
    "provider",
    "select provider_key as subject_key, hour, count(*) as n from visits group by provider_key, hour",
    (
        Feature(
            "hour_entropy_nats",
            Text("Evenness of settlements over the hours", "结算时段分散度"),
            "nats",
            f"case when max(hour) > 0 and sum(n) >= 20 then {entropy('n')} end",
            Text(
                "Low: bills posted in one sitting. High: settlements at all hours.",
                "偏低可能集中补录，偏高可能全天不停刷卡。",
            ),
            "both",
            ("H30", "P06", "T09"),
            missing_means="times carry no hour, or fewer than twenty settlements",
        ),
    ),
)
WEEKDAYS = Family(
    "calendar",
    "时间分布",
    "provider",
    "select provider_key as subject_key, weekday, cast(sum(n) as bigint) as n from provider_days "
    "group by provider_key, weekday",
    (
        Feature(
            "weekday_entropy_nats",
            Text("Evenness of settlements over the days of the week", "星期分散度"),
            "nats",
            f"case when sum(n) >= 20 then {entropy('n')} end",
            Text("Patients who are brought come on one day of the week.", "接送来的患者多集中在一周中的某天。"),
            "low",
            ("H07", "P06", "P14"),
            missing_means="fewer than twenty settlements",
        ),
    ),
)
WEEKS = Family(
    "calendar",
    "时间分布",
    "provider",
    "select provider_key as subject_key, week, cast(sum(n) as bigint) as n from provider_days "
    "group by provider_key, week",
    (
        Feature(
            "busiest_week_ratio",
            Text("Settlements of the busiest week over those of the median week", "最忙周与中位周结算量之比"),
            "ratio",
            ("case when count(*) >= 4 then cast(max(n) as double) / ", Quantile("n", 0.5), " end"),
            Text("A week far above the others may be a drive for patients.", "某周远超平常，可能集中招揽。"),
            "high",
            ("H01", "P14", "H33"),
            missing_means="fewer than four weeks with settlements",
        ),
    ),
)
OPEN_DAYS = Family(
    "calendar",
    "时间分布",
    "provider",
    "select provider_key as subject_key, * from provider_days",
    (
        Feature(
            "holiday_share",
            Text("Share of settlements on public holidays", "法定节假日结算占比"),
            "share",
            "cast(sum(is_holiday * n) as double) / sum(n)",
            Text(
                "Settlements on public holidays, when most outpatient care rests.",
                "法定节假日仍大量结算，而门诊此时多停诊。",
            ),
            "high",
            ("H29", "T09"),
            needs=("ref_holidays",),
        ),
        Feature(
            "longest_pause_days",
            Text("Longest time between two days with settlements", "两个有结算日之间最长间隔"),
            "days",
            "max(pause_days)",
            Text(
                "High: a pause may coincide with inspections, or be a renovation. Low: never a day off.",
                "偏高说明曾停业，可能与检查时间重合或因装修；偏低说明从不歇业。",
            ),
            "both",
            ("H15", "T09"),
            missing_means="fewer than two days with settlements",
        ),
    ),
)
PACE = Family(
    "calendar",
    "时间分布",
    "provider",
    "select provider_key as subject_key, * from consultations",
    (
        Feature(
            "next_patient_60s_share",
            Text(
                "Share of visits within a minute of another patient's with the same doctor",
                "同一医师60秒内接诊下一患者占比",
            ),
            "share",
            "case when max(hour) > 0 then cast(sum(case when is_other = 1 and gap_seconds < 60 then 1 else 0 end) "
            "as double) / count(*) end",
            Text("A minute is short to examine a patient.", "一分钟内难以完成一次诊察。"),
            "high",
            ("H32", "P06", "H15"),
            missing_means="no visit outside a stay names its doctor, or times carry no hour",
        ),
    ),
    needs=("settlements.attending_practitioner_id",),
)
YEAR_END = Family(
    "calendar",
    "时间分布",
    "provider",
    "select m.provider_key as subject_key, k.n_months, m.total_amount, substr(m.month, 6, 2) as month_of_year "
    "from money m join (select count(distinct month) as n_months from money "
    "having count(distinct month) >= 3 and max(case when substr(month, 6, 2) = '12' then 1 else 0 end) = 1) k "
    "on k.n_months > 0",
    (
        Feature(
            "december_ratio",
            Text("Money billed in December over that of a mean month", "12月费用与窗口月均之比"),
            "ratio",
            "cast(sum(case when month_of_year = '12' then total_amount else 0 end) as double) * max(n_months) "
            "/ nullif(sum(total_amount), 0)",
            Text(
                "What is left of accounts and budgets may be used before the year ends.",
                "年末可能突击使用账户余额和预算。",
            ),
            "high",
            ("H33", "P08"),
            missing_means="no December in a window of three months or more",
        ),
    ),
)
FAMILIES = (SETTLING, BUSIEST_DAY, HOURS, WEEKDAYS, WEEKS, OPEN_DAYS, PACE, YEAR_END)
