"""Stays of a person: how many and how long, how soon again and where, and what is billed elsewhere meanwhile."""

from features.declare import Family, Feature
from features.expressions import IS_SHORT_STAY, count_where, is_readmission, mean, ratio, share_of
from features.vocabulary.text import Text

_NO_STAY = "no inpatient stay"
_TIMES = ("settlements.admit_time", "settlements.discharge_time")

COUNTS = Family(
    "stays",
    "住院",
    "patient",
    "select person_key as subject_key, * from stays",
    (
        Feature(
            "inpatient_stays_count",
            Text("Inpatient stays", "住院次数"),
            "count",
            "count(*)",
            Text("Stay after stay may be one illness split, or a bed lent out.", "反复住院可能是分解住院或挂床。"),
            "high",
            ("P15", "H04"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "hospitals_count",
            Text("Hospitals stayed in", "住院机构数"),
            "count",
            "count(distinct provider_key)",
            Text(
                "Rotation over hospitals keeps each of them from seeing the whole.",
                "轮换医院住院，使单家机构难以看到全貌。",
            ),
            "high",
            ("P15",),
            missing_means="no inpatient stay",
        ),
        Feature(
            "stay_total_days",
            Text("Days in hospital", "住院总天数"),
            "days",
            "sum(stay_days)",
            Text("Beds may be held longer than the illness needs.", "住院天数过多，可能存在挂床或压床。"),
            "high",
            ("H02", "P15"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "readmissions_15d_count",
            Text("Stays within 15 days of the one before", "15日内再入院次数"),
            "count",
            count_where(is_readmission(15)),
            Text("A readmission so soon may be one stay billed as two.", "短期内再入院，可能是一次住院拆成两次结算。"),
            "high",
            ("H04", "P15"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "overlapping_stays_count",
            Text("Stays that begin before the one before ends", "重叠住院次数"),
            "count",
            count_where("gap_days < 0"),
            Text(
                "Nobody can lie in two beds: one entry is wrong, or the card was used by another.",
                "一人不可能同时住两处：或登记有误，或卡被他人使用。",
            ),
            "high",
            ("H06",),
            missing_means="no inpatient stay",
        ),
    ),
    needs=("settlements.admit_time", "settlements.discharge_time"),
)
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
            mean("stay_days"),
            Text("High: beds held. Low: stays that could have been visits.", "偏高可能压床，偏低可能属于低标准入院。"),
            "both",
            ("H01", "H02"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "short_stay_share",
            Text("Share of stays of at most one night without a procedure", "≤1日且无手术操作住院占比"),
            "share",
            share_of(IS_SHORT_STAY),
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
            count_where(f"{is_readmission(30)} and previous_diagnosis_group = diagnosis_group"),
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
            count_where("gap_days between 0 and 30 and previous_provider_key <> provider_key"),
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
            ratio("greatest(care_days - service_days, 0)", "care_days"),
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
            ratio("case when months_back = 1 then greatest(total_amount, 0) else 0 end", "greatest(total_amount, 0)"),
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
