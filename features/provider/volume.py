"""Volume: settlements, patients, stays and claim lines, and their growth."""

from features.declare import Family, Feature
from features.expressions import THIS_MONTH_TO_MEAN, count_where
from features.vocabulary.text import Text

# Both entities carry these under the same names: models and exports size every subject by them.
VOLUME = Family(
    "volume",
    "业务量",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "settlements_count",
            Text("Settlements", "结算人次"),
            "count",
            "count(*)",
            Text("Size, the base of every rate.", "结算规模，是各项比率的基数。"),
            "high",
        ),
        Feature(
            "settlements_count_1m",
            Text("Settlements this month", "当月结算人次"),
            "count",
            count_where("months_back = 1"),
            Text("A sudden surge shows in the last month first.", "突增最先反映在最近一个月。"),
            "high",
            ("T15", "H33"),
            "1m",
        ),
        Feature(
            "settlements_count_3m",
            Text("Settlements in three months", "近3月结算人次"),
            "count",
            count_where("months_back <= 3"),
            Text("Smoother than a month, quicker than the window.", "比单月平稳，比整个窗口更灵敏。"),
            "high",
            ("T15", "H33"),
            "3m",
        ),
        Feature(
            "patients_count",
            Text("Patients", "服务人数"),
            "count",
            "count(distinct person_key)",
            Text(
                "Read beside settlements: few people with many of them is a pattern of its own.",
                "需与结算人次对照：人少而次多本身即为线索。",
            ),
            "high",
        ),
        Feature(
            "patients_count_1m",
            Text("Patients this month", "当月服务人数"),
            "count",
            "count(distinct case when months_back = 1 then person_key end)",
            Text("Recruited patients arrive together.", "招揽来的患者往往同期出现。"),
            "high",
            ("H01", "H07"),
            "1m",
        ),
        Feature(
            "inpatient_stays_count",
            Text("Inpatient stays", "住院人次"),
            "count",
            count_where("is_inpatient"),
            Text("Where most of the money is.", "住院是资金最集中的部分。"),
            "high",
            ("H01", "H03"),
        ),
        Feature(
            "claim_lines_count",
            Text("Claim lines", "明细条数"),
            "count",
            "sum(n_lines)",
            Text("How much is billed, in lines.", "结算明细的多少。"),
            "high",
            needs=("claim_lines",),
        ),
        Feature(
            "active_days_count",
            Text("Days with settlements", "有结算天数"),
            "count",
            "count(distinct day)",
            Text(
                "Low: volume pressed into few days. High: settlements on days when others rest.",
                "偏低说明业务量挤在少数日子，偏高说明几乎天天结算。",
            ),
            "both",
            ("H29",),
        ),
        Feature(
            "growth_rate_1m",
            Text("This month against the window's mean", "当月较窗口月均增幅"),
            "ratio",
            THIS_MONTH_TO_MEAN,
            Text(
                "Cash-out and pushes at the end of a year raise one month above the rest.",
                "套现或年末冲量会使某月明显高于平时。",
            ),
            "high",
            ("P07", "H33"),
            "1m",
            "fewer than three months with settlements",
        ),
    ),
)
FAMILIES = (VOLUME,)
