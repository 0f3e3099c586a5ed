"""Intensity: money, settlements and days per patient, and how unevenly money falls on patients."""

from features.declare import Family, Feature, Quantile
from features.expressions import major_units, mean
from features.vocabulary.text import Text

# The place of each patient when they are sorted by money, the dearest last.
PATIENTS_BY_AMOUNT = (
    "select provider_key as subject_key, *, greatest(total_amount, 0) as amount, row_number() over ("
    "partition by provider_key order by greatest(total_amount, 0), person_key) as place from provider_people"
)
PER_PATIENT = Family(
    "intensity",
    "单人强度",
    "provider",
    PATIENTS_BY_AMOUNT,
    (
        Feature(
            "amount_per_patient_amount",
            Text("Billed per patient", "人均费用"),
            "currency",
            f"{major_units('total_amount')} / count(*)",
            Text("Much money on each patient; severe illness explains it too.", "每名患者费用偏高；病情重也会如此。"),
            "high",
            ("H17", "T10"),
        ),
        Feature(
            "settlements_per_patient_ratio",
            Text("Settlements per patient", "人均结算次数"),
            "ratio",
            mean("n_visits"),
            Text("Patients who return unusually often.", "患者返诊频次异常偏高。"),
            "high",
            ("H04", "T10", "R03"),
        ),
        Feature(
            "settlements_per_patient_max_count",
            Text("Most settlements of one patient", "单人最多结算次数"),
            "count",
            "max(n_visits)",
            Text("One card is settled far more often than others.", "个别卡结算次数远超他人。"),
            "high",
            ("P05", "P06"),
        ),
        Feature(
            "same_day_repeat_share",
            Text("Share of visits on a day with another of the patient", "同日重复就诊占比"),
            "share",
            "cast(sum(n_visits - n_days) as double) / sum(n_visits)",
            Text("Bills that were split fall on one day.", "拆分结算会落在同一天。"),
            "high",
            ("H34", "P07", "H08"),
        ),
    ),
)
SPREAD = Family(
    "intensity",
    "单人强度",
    "provider",
    PATIENTS_BY_AMOUNT,
    (
        Feature(
            "patient_p90_amount",
            Text("90th percentile of money per patient", "人均费用第90百分位"),
            "currency",
            ("case when count(*) >= 5 then ", Quantile("total_amount", 0.9), " / 100 end"),
            Text("The dear end of the patients, where cards may be used up.", "费用最高的患者群，可能存在集中刷卡。"),
            "high",
            ("T10", "H17", "P08"),
            missing_means="fewer than five patients",
        ),
        Feature(
            "patient_gini_ratio",
            Text("Inequality of money between patients (Gini)", "患者费用基尼系数"),
            "ratio",
            "case when count(*) >= 5 then greatest(cast(2 as double) "
            "* cast(sum(cast(place as decimal(38, 0)) * amount) as double) "
            "/ nullif(cast(sum(amount) as double) * count(*), 0) - cast(count(*) + 1 as double) / count(*), 0) end",
            Text(
                "Low: recruited patients all cost the same. High: a few cards carry the cost.",
                "偏低可能是批量组织的患者，偏高可能少数卡承担多数费用。",
            ),
            "both",
            ("H01", "H30", "P04"),
            missing_means="fewer than five patients, or nothing billed",
        ),
        Feature(
            "fund_per_patient_day_amount",
            Text("Paid by the funds per patient and day seen", "人日均基金支付"),
            "currency",
            f"{major_units('fund_paid_amount')} / nullif(sum(n_days), 0)",
            Text("What one appearance of a patient brings in.", "患者每出现一次所带来的基金收入。"),
            "high",
            ("H17", "H37"),
        ),
    ),
)
