"""Rhythm: how visits fall on hours, weekdays, weeks and holidays, and how a month differs from the one before."""

from features.declare import Family, Feature, Quantile
from features.expressions import entropy
from features.vocabulary.text import Text

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
DAYS = Family(
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
_TWO_MONTHS = (
    "select provider_key as subject_key, cast(sum(case when months_back = 1 then 1 else 0 end) as bigint) as n_now, "
    "cast(sum(case when months_back = 2 then 1 else 0 end) as bigint) as n_before, "
    "cast(sum(case when months_back = 1 then total_amount else 0 end) as bigint) as amount_now, "
    "cast(sum(case when months_back = 2 then total_amount else 0 end) as bigint) as amount_before, "
    "cast(sum(case when months_back = 1 then drug_amount else 0 end) as bigint) as drugs_now, "
    "cast(sum(case when months_back = 2 then drug_amount else 0 end) as bigint) as drugs_before "
    "from visits where months_back <= 2 group by provider_key, person_key"
)
_NONE_BEFORE = "none in one of the last two months"
_NOW, _BEFORE = (f"sum(case when n_{each} > 0 then 1 else 0 end)" for each in ("now", "before"))
CHANGE = Family(
    "change",
    "环比变化",
    "provider",
    _TWO_MONTHS,
    (
        Feature(
            "patients_change_ratio_1m",
            Text("Patients this month over last month's", "当月服务人数环比"),
            "ratio",
            f"case when {_NOW} > 0 then cast({_NOW} as double) / nullif({_BEFORE}, 0) end",
            Text(
                "High: new cards at once. Low: patients leave and the money stays.",
                "偏高说明新患者骤增，偏低而费用不减也需关注。",
            ),
            "both",
            ("H01", "P06", "H33"),
            "1m",
            _NONE_BEFORE,
        ),
        Feature(
            "amount_per_patient_change_ratio_1m",
            Text("Billed per patient this month over last month's", "当月人均费用环比"),
            "ratio",
            f"(cast(sum(amount_now) as double) / nullif({_NOW}, 0)) "
            f"/ nullif(cast(sum(amount_before) as double) / nullif({_BEFORE}, 0), 0)",
            Text("The same kind of patients suddenly costs more.", "同类患者费用突然上升。"),
            "high",
            ("H17", "H33", "H21"),
            "1m",
            _NONE_BEFORE,
        ),
        Feature(
            "drug_share_change_ratio_1m",
            Text("Share of money on drugs this month less last month's", "当月药占比变化"),
            "ratio",
            "cast(sum(drugs_now) as double) / nullif(sum(amount_now), 0) "
            "- cast(sum(drugs_before) as double) / nullif(sum(amount_before), 0)",
            Text(
                "High: drugs take the place of care. Low: other charges take the place of drugs.",
                "偏高说明药费取代诊疗，偏低说明其他收费取代药费。",
            ),
            "both",
            ("H14", "H37", "R01"),
            "1m",
            _NONE_BEFORE,
            ("claim_lines",),
        ),
    ),
)
FAMILIES = (HOURS, WEEKDAYS, WEEKS, DAYS, PACE, YEAR_END, CHANGE)
