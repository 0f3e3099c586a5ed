"""Care: stays, practitioners and providers of a person."""

from features.declare import Family, Feature
from features.expressions import hhi

STAYS = Family(
    "stays",
    "住院",
    "patient",
    "select person_key as subject_key, * from stays",
    (
        Feature(
            "inpatient_stays_count",
            "Inpatient stays",
            "住院次数",
            "count",
            "count(*)",
            "Serial admission.",
            "high",
            ("P15", "H04"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "hospitals_count",
            "Hospitals stayed in",
            "住院机构数",
            "count",
            "count(distinct provider_key)",
            "Rotation over hospitals.",
            "high",
            ("P15",),
            missing_means="no inpatient stay",
        ),
        Feature(
            "stay_total_days",
            "Days in hospital",
            "住院总天数",
            "days",
            "sum(stay_days)",
            "Beds held.",
            "high",
            ("H02", "P15"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "readmissions_15d_count",
            "Stays within 15 days of the one before",
            "15日内再入院次数",
            "count",
            "sum(case when gap_days between 0 and 15 and not is_planned_readmission then 1 else 0 end)",
            "Split or serial admission.",
            "high",
            ("H04", "P15"),
            missing_means="no inpatient stay",
        ),
        Feature(
            "overlapping_stays_count",
            "Stays that begin before the one before ends",
            "重叠住院次数",
            "count",
            "sum(case when gap_days < 0 then 1 else 0 end)",
            "Nobody lies in two beds.",
            "high",
            ("H06",),
            missing_means="no inpatient stay",
        ),
    ),
    needs=("settlements.admit_time", "settlements.discharge_time"),
)
CHOICE = Family(
    "concentration",
    "集中度",
    "patient",
    "select p.person_key as subject_key, p.n_visits as n, greatest(p.total_amount, 0) as a, p.first_w, p.n_visits_1m, "
    "k.oldest_w from provider_people p cross join (select max(w) as oldest_w from visits) k",
    (
        Feature(
            "provider_hhi_ratio",
            "Concentration on providers (HHI)",
            "就诊机构集中度（HHI）",
            "ratio",
            hhi("n"),
            "Tied to one provider, or to none.",
            "both",
            ("R06", "P04"),
        ),
        Feature(
            "top_provider_money_share",
            "Share of money at the dearest provider",
            "最高费用机构占比",
            "share",
            "cast(max(a) as double) / nullif(sum(a), 0)",
            "One place takes it all.",
            "both",
            ("R06",),
            missing_means="nothing billed",
        ),
    ),
)
SIGNERS = Family(
    "practitioners",
    "医师结构",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "attending_practitioners_count",
            "Attending practitioners",
            "主治医师数",
            "count",
            "count(distinct attending_practitioner_key)",
            "Doctor shopping.",
            "high",
            ("P04",),
        ),
    ),
    needs=("settlements.attending_practitioner_id",),
)
FAMILIES = (STAYS, CHOICE, SIGNERS)
