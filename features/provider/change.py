"""Change: patients, money per patient and drugs of the last month against the month before."""

from features.declare import Family, Feature
from features.vocabulary.text import Text

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
FAMILIES = (CHANGE,)
