"""Stays: those a practitioner attends, how long, how often again and how many at once."""

from features.declare import Family, Feature
from features.expressions import IS_SHORT_STAY, is_readmission, mean, share_of
from features.vocabulary.text import Text

_NO_STAY = "no stay attended"
_NEEDS = ("settlements.attending_practitioner_id", "settlements.admit_time", "settlements.discharge_time")
STAYS = Family(
    "stays",
    "住院",
    "practitioner",
    "select attending_practitioner_key as subject_key, s.*, "
    "count(*) over (partition by attending_practitioner_key, admit_date) as n_same_day "
    "from stays s where attending_practitioner_key is not null",
    (
        Feature(
            "stays_count",
            Text("Stays attended", "主治住院人次"),
            "count",
            "count(*)",
            Text("Admissions under one name.", "以该医师名义收治的住院量。"),
            "high",
            ("R08", "H01"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "stay_mean_days",
            Text("Mean length of attended stays", "主治平均住院日"),
            "days",
            mean("stay_days"),
            Text("High: beds may be held. Low: stays may be cut short.", "偏高可能压床，偏低可能提前出院。"),
            "both",
            ("H02", "H25"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "short_stay_share",
            Text("Share of attended stays of at most one night without a procedure", "主治≤1日且无手术操作住院占比"),
            "share",
            share_of(IS_SHORT_STAY),
            Text(
                "A visit might have done; some procedures do need a day in bed.",
                "可能门诊即可处理；部分操作确需短期住院。",
            ),
            "high",
            ("H03",),
            missing_means=_NO_STAY,
            needs=("procedures",),
        ),
        Feature(
            "readmission_30d_share",
            Text("Share of attended stays within 30 days of the last in the same hospital", "主治30日内本院再入院占比"),
            "share",
            share_of(f"previous_provider_key = provider_key and {is_readmission(30)}"),
            Text("One stay may have been billed as two.", "可能把一次住院拆成两次结算。"),
            "high",
            ("H04", "H05"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "planned_stay_share",
            Text("Share of attended stays called planned", "主治计划再入院占比"),
            "share",
            share_of("is_planned_readmission"),
            Text(
                "Planned readmissions are exempt from the rule on split stays.",
                "计划再入院可免于分解住院考核，易被借用。",
            ),
            "high",
            ("H04",),
            missing_means=_NO_STAY,
            needs=("settlements.is_planned_readmission",),
        ),
        Feature(
            "overlapping_stay_share",
            Text("Share of attended stays that begin within another of the patient", "主治重叠住院占比"),
            "share",
            share_of("gap_days < 0"),
            Text("The patient is registered in another bed at the time.", "患者同时登记在另一张病床。"),
            "high",
            ("H06", "H01"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "admissions_per_day_max_count",
            Text("Most attended stays begun on one day", "单日最多收治人次"),
            "count",
            "max(n_same_day)",
            Text("Many admissions by one doctor on one day.", "一名医师单日收治人数过多。"),
            "high",
            ("R08", "H07"),
            missing_means=_NO_STAY,
        ),
    ),
    needs=_NEEDS,
)
CENSUS = Family(
    "stays",
    "住院",
    "practitioner",
    "select subject_key, sum(change) over (partition by subject_key order by day, change, settlement_key "
    "rows between unbounded preceding and current row) as n from ("
    "select attending_practitioner_key as subject_key, settlement_key, admit_date as day, 1 as change from stays "
    "where attending_practitioner_key is not null union all "
    "select attending_practitioner_key, settlement_key, discharge_date, -1 from stays "
    "where attending_practitioner_key is not null) e",
    (
        Feature(
            "stays_at_once_max_count",
            Text("Most attended stays at once", "同时在院最多人数"),
            "count",
            "max(n)",
            Text("More patients in bed than one doctor can see on a round.", "同时在院患者超出一名医师的查房能力。"),
            "high",
            ("H35", "H02"),
            missing_means=_NO_STAY,
        ),
    ),
    needs=_NEEDS,
)
FAMILIES = (STAYS, CENSUS)
