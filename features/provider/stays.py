"""Stays: length, readmissions, overlaps with other stays, and idle days."""

from features.declare import Family, Feature, Quantile
from features.expressions import IS_SHORT_STAY, is_readmission, mean, ratio, share_of
from features.vocabulary.text import Text

_NO_STAY = "no inpatient stay"


def _again(days: int) -> str:
    return share_of(f"previous_provider_key = provider_key and {is_readmission(days)}")


STAYS = Family(
    "stays",
    "住院",
    "provider",
    "select provider_key as subject_key, * from stays",
    (
        Feature(
            "stay_mean_days",
            Text("Mean length of stay", "平均住院日"),
            "days",
            mean("stay_days"),
            Text(
                "High: beds may be held. Low: stays that could have been visits.",
                "偏高可能压床，偏低可能属于低标准入院。",
            ),
            "both",
            ("H02", "H25"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "stay_p90_days",
            Text("90th percentile of length of stay", "住院日第90百分位"),
            "days",
            ("case when count(*) >= 5 then ", Quantile("stay_days", 0.9), " end"),
            Text("The long end of stays.", "长住院一端的水平。"),
            "high",
            ("H02",),
            missing_means="fewer than five stays",
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
            ("H03",),
            missing_means=_NO_STAY,
            needs=("procedures",),
        ),
        Feature(
            "readmission_7d_share",
            Text("Share of stays within 7 days of the last here", "7日内本院再入院占比"),
            "share",
            _again(7),
            Text("One stay may have been billed as two.", "可能把一次住院拆成两次结算。"),
            "high",
            ("H04", "H05"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "readmission_15d_share",
            Text("Share of stays within 15 days of the last here", "15日内本院再入院占比"),
            "share",
            _again(15),
            Text("One stay may have been billed as two.", "可能把一次住院拆成两次结算。"),
            "high",
            ("H04", "H05"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "readmission_30d_share",
            Text("Share of stays within 30 days of the last here", "30日内本院再入院占比"),
            "share",
            _again(30),
            Text("A stay may have been split in two.", "可能把一次住院拆成两次。"),
            "high",
            ("H04", "H05"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "same_diagnosis_readmission_15d_share",
            Text("Share of stays within 15 days of one here for the same diagnosis", "15日内同诊断再入院占比"),
            "share",
            share_of(
                f"previous_provider_key = provider_key and {is_readmission(15)} "
                "and previous_diagnosis_group = diagnosis_group"
            ),
            Text(
                "Soon again with the same diagnosis is the usual form of a split stay.",
                "短期内同诊断再入院是分解住院的典型表现。",
            ),
            "high",
            ("H04",),
            missing_means=_NO_STAY,
            needs=("diagnoses",),
        ),
        Feature(
            "overlapping_stay_share",
            Text("Share of stays that begin before another of the person ends", "与其他住院重叠占比"),
            "share",
            share_of("gap_days < 0"),
            Text(
                "Nobody can lie in two beds: one entry is wrong, or the card was used by another.",
                "一人不可能同时住两处：或登记有误，或卡被他人使用。",
            ),
            "high",
            ("H06",),
            missing_means=_NO_STAY,
        ),
        Feature(
            "from_elsewhere_30d_share",
            Text("Share of stays within 30 days of one elsewhere", "30日内他院转入住院占比"),
            "share",
            share_of("previous_provider_key <> provider_key and gap_days between 0 and 30"),
            Text(
                "Patients come straight from another hospital and may be passed round.",
                "患者刚从他院出院即入本院，可能轮转住院。",
            ),
            "high",
            ("P15", "R10"),
            missing_means=_NO_STAY,
        ),
        Feature(
            "weekend_admission_share",
            Text("Share of admissions on weekends", "周末入院占比"),
            "share",
            share_of("admit_weekday >= 6"),
            Text("Admissions when few staff are there to treat.", "在人手最少的时候收治入院。"),
            "high",
            ("H29",),
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
            needs=("settlements.admit_time", "claim_lines.days_supply"),
        ),
        Feature(
            "payment_group_weight_mean_ratio",
            Text("Mean weight of payment groups", "平均病组权重（CMI）"),
            "ratio",
            "cast(sum(cast(round(weight * 10000) as bigint)) as double) / 10000 / nullif(count(weight), 0)",
            Text(
                "High: weights need sicker patients than elsewhere. Low: light cases may be admitted.",
                "偏高应有更重的病情来解释，偏低可能收治轻症。",
            ),
            "both",
            ("H21", "H24"),
            missing_means="no weight given",
            needs=("drg_assignments.weight",),
        ),
    ),
    needs=("settlements.admit_time", "settlements.discharge_time"),
)
FAMILIES = (STAYS,)
