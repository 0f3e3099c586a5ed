"""Workload: standard minutes, patients and nights of a practitioner's days, and days in a row."""

from features.declare import Family, Feature
from features.expressions import IS_AT_NIGHT, IS_WEEKEND, mean, share_among, share_of
from features.practitioner.sites import SITES
from features.tables.practitioners import EFFORT_PER_MINUTE
from features.vocabulary.text import Text

_NO_DAY = "no day present: nothing executed, and nothing ordered outside a stay"
_NO_MINUTES = "no line with standard minutes on a day that is known"


def _over(minutes: int) -> str:
    beyond = f"effort > {minutes} * cast({EFFORT_PER_MINUTE} as bigint)"
    return f"case when count(effort) > 0 then sum(case when {beyond} then 1 else 0 end) end"


MINUTES = Family(
    "workload",
    "工作负荷",
    "practitioner",
    "select practitioner_key as subject_key, * from work_days",
    (
        Feature(
            "day_mean_minutes",
            Text("Mean standard time per day", "日均标准工时"),
            "minutes",
            f"cast(sum(effort) as double) / nullif(count(effort), 0) / {EFFORT_PER_MINUTE}",
            Text("Standard times add up to more than a working day holds.", "按标准工时累计，超出正常工作日所能承担。"),
            "high",
            ("H26",),
            missing_means=_NO_MINUTES,
        ),
        Feature(
            "day_max_minutes",
            Text("Standard time of the fullest day", "单日最高标准工时"),
            "minutes",
            f"cast(max(effort) as double) / {EFFORT_PER_MINUTE}",
            Text(
                "One day beyond what is possible is worth checking by itself.", "出现一天不可能完成的工作量即值得核查。"
            ),
            "high",
            ("H26",),
            missing_means=_NO_MINUTES,
        ),
        Feature(
            "days_over_16_hours_count",
            Text("Days with more than 960 standard minutes", "标准工时超960分钟天数"),
            "count",
            _over(960),
            Text("Sixteen hours can happen; they do not happen every week.", "工作十六小时偶可发生，不会周周如此。"),
            "high",
            ("H26",),
            missing_means=_NO_MINUTES,
        ),
        Feature(
            "days_over_24_hours_count",
            Text("Days with more than 1,440 standard minutes", "标准工时超1440分钟天数"),
            "count",
            _over(1440),
            Text("No day has more than 24 hours.", "一天不可能超过二十四小时。"),
            "high",
            ("H26", "H37"),
            missing_means=_NO_MINUTES,
        ),
    ),
    needs=("ref_items.standard_minutes",),
)
DAYS = Family(
    "workload",
    "工作负荷",
    "practitioner",
    "select practitioner_key as subject_key, * from work_days",
    (
        Feature(
            "active_days_count",
            Text("Days present", "出勤天数"),
            "count",
            "count(*)",
            Text("A name that works without leave may be used by several people.", "常年无休的名义，可能被多人共用。"),
            "high",
            ("H26", "H27"),
            missing_means=_NO_DAY,
        ),
        Feature(
            "patients_per_day_mean_ratio",
            Text("Patients per day present", "日均患者数"),
            "ratio",
            mean("n_persons"),
            Text("More patients than one professional can see.", "日均患者超出一人接诊能力。"),
            "high",
            ("H32", "H26"),
            missing_means=_NO_DAY,
        ),
        Feature(
            "patients_per_day_max_count",
            Text("Most patients on one day", "单日最多患者数"),
            "count",
            "max(n_persons)",
            Text("Cards may have been settled in a batch.", "可能成批集中刷卡。"),
            "high",
            ("H32", "R08"),
            missing_means=_NO_DAY,
        ),
        Feature(
            "patients_per_day_swing_ratio",
            Text("Swing of patients from day to day (variance / mean)", "日患者数波动（方差/均值）"),
            "ratio",
            "case when count(*) >= 5 then greatest(cast(sum(n_persons * n_persons) as double) / sum(n_persons) "
            "- cast(sum(n_persons) as double) / count(*), 0) end",
            Text(
                "Patients come evenly; groups that are brought come in bursts.",
                "自然就诊较均匀，集中组织的人群忽多忽少。",
            ),
            "high",
            ("R08", "H07"),
            missing_means="fewer than five days present",
        ),
        Feature(
            "weekend_share",
            Text("Share of days present on weekends", "周末出勤占比"),
            "share",
            share_of(IS_WEEKEND),
            Text(
                "High: mostly on weekends, when little is checked. Low: none, as when entries are made on office days.",
                "偏高说明多在周末，核查较少；偏低可能集中在工作日录入。",
            ),
            "both",
            ("H29",),
            missing_means=_NO_DAY,
        ),
    ),
)
RUNS = Family(
    "workload",
    "工作负荷",
    "practitioner",
    "select practitioner_key as subject_key, run_number, count(*) as n from work_days "
    "group by practitioner_key, run_number",
    (
        Feature(
            "run_max_days",
            Text("Longest run of days without a day off", "最长连续出勤天数"),
            "days",
            "max(n)",
            Text("So many days without rest may be more than one person's work.", "连续出勤过久，可能不止一人在用。"),
            "high",
            ("H26", "H37"),
            missing_means=_NO_DAY,
        ),
    ),
)
HOURS = Family(
    "workload",
    "工作负荷",
    "practitioner",
    SITES.relation,
    (
        Feature(
            "off_hours_share",
            Text("Share of visits outside a stay begun between 22:00 and 06:00", "夜间（22时至6时）门诊占比"),
            "share",
            "case when max(case when not is_inpatient then hour end) > 0 "
            f"then {share_among('not is_inpatient', IS_AT_NIGHT)} end",
            Text("Visits at night may have been entered after hours.", "夜间门诊可能是停诊后补录。"),
            "high",
            ("T07", "P07"),
            missing_means="no visit outside a stay, or times carry no hour",
        ),
    ),
)
FAMILIES = (MINUTES, DAYS, RUNS, HOURS)
