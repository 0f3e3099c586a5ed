"""Drugs ordered outside stays: watch-listed, controlled and brand drugs, amounts at the limit, early refills."""

from features.declare import Family, Feature
from features.expressions import IS_AT_LARGEST_FILL, IS_EARLY_REFILL, mean_known, share_known
from features.vocabulary.text import Text

_NO_DRUG = "no drug ordered outside a stay"


def _of_money(condition: str) -> str:
    return (
        f"cast(sum(case when {condition} then amount else 0 end) as double) "
        "/ nullif(sum(case when is_brand is not null then amount end), 0)"
    )


# One row per visit outside a stay and drug: who ordered it, else wrote the prescription, else attended.
ORDERED_DRUGS = """
select d.*, d.practitioner_key as subject_key, r.can_prescribe from (
  select l.*, coalesce(l.prescriber_key, p.prescriber_key, v.attending_practitioner_key) as practitioner_key
  from drug_lines l join visits v on v.settlement_key = l.settlement_key
  left join prescription_facts p on p.prescription_key = l.prescription_key
) d left join practitioners r on r.practitioner_key = d.practitioner_key
where d.practitioner_key is not null
"""
DRUGS = Family(
    "drugs",
    "用药",
    "practitioner",
    ORDERED_DRUGS,
    (
        Feature(
            "sentinel_drug_share",
            Text("Share of drug money on the watch list", "重点药品费用占比"),
            "share",
            _of_money("is_sentinel_drug"),
            Text("Drugs on watch lists are the ones that are sold on.", "重点监控药品常被倒卖回流。"),
            "high",
            ("H37", "P09"),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_sentinel_drug",),
        ),
        Feature(
            "controlled_drug_share",
            Text("Share of drug lines under control", "管制药品条数占比"),
            "share",
            share_known("is_controlled", "is_controlled"),
            Text("Second of the five screens of prescribers: controlled drugs.", "开方医师五项筛查之二：管制药品。"),
            "high",
            ("T11",),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_controlled",),
        ),
        Feature(
            "brand_drug_share",
            Text("Share of drug money on brands", "原研药费用占比"),
            "share",
            _of_money("is_brand"),
            Text("Fourth of the five screens: the dear one of equals.", "五项筛查之四：同类中偏选高价原研药。"),
            "high",
            ("T11", "R09"),
            missing_means=f"{_NO_DRUG} that the catalogue knows",
            needs=("ref_items.is_brand",),
        ),
        Feature(
            "drugs_at_cap_share",
            Text("Share of drug lines at 95 % or more of the largest fill", "顶格开药占比"),
            "share",
            share_known("max_fill_quantity", IS_AT_LARGEST_FILL),
            Text("Quantities follow the limit rather than the illness.", "用量贴着限额走，而非依据病情。"),
            "high",
            ("P03", "P02"),
            missing_means="no drug with a largest fill",
            needs=("ref_items.max_fill_quantity",),
        ),
        Feature(
            "early_refill_share",
            Text("Share of refills before half of the supply is used", "提前续方占比"),
            "share",
            share_known("gap_days", IS_EARLY_REFILL),
            Text("The patient's last supply was not used up.", "患者上次用药尚未用完即续方。"),
            "high",
            ("P02", "T13"),
            missing_means="no drug that its patient had had before",
            needs=("claim_lines.days_supply",),
        ),
        Feature(
            "supply_mean_days",
            Text("Days of supply per drug", "平均开药天数"),
            "days",
            mean_known("days_supply"),
            Text("Long supplies leave more to be passed on.", "开药天数长，余药更易流出。"),
            "high",
            ("P02", "P03"),
            missing_means="no days of supply given",
            needs=("claim_lines.days_supply",),
        ),
        Feature(
            "drugs_per_basket_ratio",
            Text("Drugs per visit with drugs", "次均开药品种数"),
            "ratio",
            "cast(count(*) as double) / count(distinct settlement_key)",
            Text("Many drugs at every visit; several illnesses explain it too.", "次次多种药品；多病共存也会如此。"),
            "high",
            ("P02", "T11"),
            missing_means=_NO_DRUG,
        ),
    ),
    needs=("claim_lines.prescriber_id",),
)
FAMILIES = (DRUGS,)
