"""Stays: how long, how often again, and how they meet other stays of the person."""

from features.declare import Family, Feature
from features.expressions import share_of

_NO_STAY = "no inpatient stay"


def _again(days: int) -> str:
    return share_of(
        f"previous_provider_key = provider_key and gap_days between 0 and {days} and not is_planned_readmission"
    )


STAYS = Family(
    "stays",
    "住院",
    "provider",
    "select provider_key as subject_key, * from stays",
    (
        Feature(
            "stay_mean_days",
            "Mean length of stay",
            "平均住院日",
            "days",
            "cast(sum(stay_days) as double) / count(*)",
            "Beds held to be paid by the day.",
            "both",
            ("H02", "H25"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "stay_p90_days",
            "90th percentile of length of stay",
            "住院日第90百分位",
            "days",
            "case when count(*) >= 5 then {stay_p90} end",
            "The long end of stays.",
            "high",
            ("H02",),
            missing_means="fewer than five stays",
        ),
        Feature(
            "short_stay_share",
            "Share of stays of at most one night without a procedure",
            "≤1日且无手术操作住院占比",
            "share",
            share_of("stay_days <= 1 and coalesce(n_procedures, 0) = 0"),
            "Admission where a visit would do.",
            "high",
            ("H03",),
            missing_means=_NO_STAY,
            needs=("procedures",),
        ),
        Feature(
            "readmission_7d_share",
            "Share of stays within 7 days of the last here",
            "7日内本院再入院占比",
            "share",
            _again(7),
            "One stay billed as two.",
            "high",
            ("H04", "H05"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "readmission_15d_share",
            "Share of stays within 15 days of the last here",
            "15日内本院再入院占比",
            "share",
            _again(15),
            "One stay billed as two.",
            "high",
            ("H04", "H05"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "readmission_30d_share",
            "Share of stays within 30 days of the last here",
            "30日内本院再入院占比",
            "share",
            _again(30),
            "Stays split around the rule's limit.",
            "high",
            ("H04", "H05"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "same_diagnosis_readmission_15d_share",
            "Share of stays within 15 days of one here for the same diagnosis",
            "15日内同诊断再入院占比",
            "share",
            share_of(
                "previous_provider_key = provider_key and gap_days between 0 and 15 and not is_planned_readmission "
                "and previous_diagnosis_group = diagnosis_group"
            ),
            "The classic split admission.",
            "high",
            ("H04",),
            missing_means=_NO_STAY,
            needs=("diagnoses",),
        ),
        Feature(
            "overlapping_stay_share",
            "Share of stays that begin before another of the person ends",
            "与其他住院重叠占比",
            "share",
            share_of("gap_days < 0"),
            "Nobody lies in two beds.",
            "high",
            ("H06",),
            missing_means=_NO_STAY,
        ),
        Feature(
            "from_elsewhere_30d_share",
            "Share of stays within 30 days of one elsewhere",
            "30日内他院转入住院占比",
            "share",
            share_of("previous_provider_key <> provider_key and gap_days between 0 and 30"),
            "Patients passed round.",
            "high",
            ("P15", "R10"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "weekend_admission_share",
            "Share of admissions on weekends",
            "周末入院占比",
            "share",
            share_of("admit_weekday >= 6"),
            "Admissions without the staff to treat them.",
            "high",
            ("H29",),
            missing_means=_NO_STAY,
        ),
        Feature(
            "idle_days_share",
            "Share of stay days without a service line",
            "无费用住院日占比",
            "share",
            "cast(sum(greatest(care_days - service_days, 0)) as double) / nullif(sum(care_days), 0)",
            "A bed without a patient in it.",
            "high",
            ("H02", "H01"),
            missing_means=_NO_STAY,
            needs=("settlements.admit_time", "claim_lines.days_supply"),
        ),
        Feature(
            "payment_group_weight_mean_ratio",
            "Mean weight of payment groups",
            "平均病组权重（CMI）",
            "ratio",
            "cast(sum(cast(round(weight * 10000) as bigint)) as double) / 10000 / nullif(count(weight), 0)",
            "Weights above what the lines show.",
            "both",
            ("H21", "H24"),
            missing_means="no weight given",
            needs=("drg_assignments.weight",),
        ),
    ),
    needs=("settlements.admit_time", "settlements.discharge_time"),
)
FAMILIES = (STAYS,)
