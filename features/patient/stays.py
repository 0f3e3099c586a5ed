"""Stays of a person: how long, how soon again and where, and what is billed elsewhere meanwhile."""

from features.declare import Family, Feature
from features.expressions import share_of
from features.vocabulary.text import Text

_NO_STAY = "no inpatient stay"
_TIMES = ("settlements.admit_time", "settlements.discharge_time")

STAYS = Family(
    "stays",
    "住院",
    "patient",
    "select person_key as subject_key, * from stays",
    (
        Feature(
            "stay_mean_days",
            Text("Mean length of stay", "平均住院日"),
            "days",
            "cast(sum(stay_days) as double) / count(*)",
            Text("High: beds held. Low: stays that could have been visits.", "偏高可能压床，偏低可能属于低标准入院。"),
            "both",
            ("H01", "H02"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "short_stay_share",
            Text("Share of stays of at most one night without a procedure", "≤1日且无手术操作住院占比"),
            "share",
            share_of("stay_days <= 1 and coalesce(n_procedures, 0) = 0"),
            Text(
                "A visit might have done; some procedures do need a day in bed.",
                "可能门诊即可处理；部分操作确需短期住院。",
            ),
            "high",
            ("H03", "H07"),
            missing_means=_NO_STAY,
            needs=("procedures",),
        ),
        Feature(
            "same_diagnosis_readmissions_count",
            Text("Stays within 30 days of the one before for the same diagnosis", "30日内同诊断再入院次数"),
            "count",
            "sum(case when gap_days between 0 and 30 and not is_planned_readmission "
            "and previous_diagnosis_group = diagnosis_group then 1 else 0 end)",
            Text("One illness may have been cut into several admissions.", "同一疾病可能被分成多次住院结算。"),
            "high",
            ("H04",),
            missing_means=_NO_STAY,
            needs=("diagnoses",),
        ),
        Feature(
            "moved_on_30d_count",
            Text("Stays within 30 days of one at another hospital", "30日内转往他院住院次数"),
            "count",
            "sum(case when gap_days between 0 and 30 and previous_provider_key <> provider_key then 1 else 0 end)",
            Text(
                "Moved from hospital to hospital; each bills an admission of its own.",
                "辗转多家医院住院，每家各自结算一次。",
            ),
            "high",
            ("P15", "R10"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "idle_days_share",
            Text("Share of stay days without a service line", "无费用住院日占比"),
            "share",
            "cast(sum(greatest(care_days - service_days, 0)) as double) / nullif(sum(care_days), 0)",
            Text("Days in bed without any service may be days out of bed.", "住院期间无任何费用的日子，可能并不在院。"),
            "high",
            ("H02", "H01"),
            missing_means=_NO_STAY,
            needs=("claim_lines",),
        ),
        Feature(
            "stay_money_share_1m",
            Text("Share of the stays' money that falls in this month", "当月住院费用占比"),
            "share",
            "cast(sum(case when months_back = 1 then greatest(total_amount, 0) else 0 end) as double) "
            "/ nullif(sum(greatest(total_amount, 0)), 0)",
            Text(
                "High: stays take more of this month's money. Low: counters do.",
                "偏高说明当月住院费用比重大，偏低说明门诊购药比重大。",
            ),
            "both",
            ("P15",),
            "1m",
            missing_means=_NO_STAY,
        ),
    ),
    needs=_TIMES,
)
MEANWHILE = Family(
    "stays",
    "住院",
    "patient",
    "select v.person_key as subject_key, case when d.settlement_key is null then 0 else 1 end as is_during, v.is_dead "
    "from visits v left join visits_during_stays d on d.settlement_key = v.settlement_key where not v.is_inpatient",
    (
        Feature(
            "visits_during_stay_count",
            Text("Visits and purchases elsewhere on days in a hospital bed", "住院期间院外结算次数"),
            "count",
            "sum(is_during)",
            Text(
                "The patient cannot be in the ward and at a counter: an empty bed, or a card lent.",
                "人在住院却在院外结算：可能挂床，或卡被他人使用。",
            ),
            "high",
            ("P13", "H02", "H01"),
            missing_means="no visit outside a stay",
        ),
    ),
    needs=_TIMES,
)
AFTER_DEATH = Family(
    "stays",
    "住院",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "after_death_count",
            Text("Settlements on or after the day of death", "死亡当日及之后结算次数"),
            "count",
            "sum(is_dead)",
            Text("A late entry, or a card used after its owner's death.", "可能是补录，也可能是死亡后仍被冒用。"),
            "high",
            ("P06", "P05"),
        ),
    ),
    needs=("persons.death_date",),
)
FAMILIES = (STAYS, MEANWHILE, AFTER_DEATH)
