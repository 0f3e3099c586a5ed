"""Service mix: shares of money by kind of charge and of drug."""

from features.declare import Family, Feature
from features.vocabulary.text import Text


def _mix(name: str, label: str, name_zh: str, why: str, why_zh: str, *typologies: str) -> Feature:
    return Feature(
        f"{name}_share",
        Text(f"Share of money on {label}", f"{name_zh}费用占比"),
        "share",
        f"cast(sum({name}_amount) as double) / nullif(sum(total_amount), 0)",
        Text(why, why_zh),
        "high",
        typologies,
        missing_means="nothing billed",
    )


MIX = Family(
    "service_mix",
    "费用结构",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        _mix(
            "drug",
            "drugs",
            "药品",
            "Drugs can be sold on; services cannot.",
            "药品可以转卖，诊疗服务不能。",
            "P02",
            "T08",
        ),
        _mix(
            "consumable",
            "consumables",
            "耗材",
            "Consumables are dear and hard to count after use.",
            "耗材价高，用后难以清点。",
            "H38",
        ),
        _mix(
            "examination",
            "examinations",
            "检查",
            "Examinations may be ordered for everybody.",
            "可能不论病情普遍开检查。",
            "H16",
            "H03",
        ),
        _mix(
            "laboratory",
            "laboratory",
            "化验",
            "The same panels may be ordered for everybody.",
            "可能不论病情一律开检验套餐。",
            "H16",
            "H03",
        ),
        _mix(
            "treatment",
            "treatment",
            "治疗",
            "Scheduled sessions may be billed more often than given.",
            "按疗程的治疗可能多记次数。",
            "H36",
        ),
        _mix("bed", "beds", "床位", "Bed charges without care to match.", "只收床位费而无相应治疗。", "H02"),
        _mix(
            "nursing",
            "nursing",
            "护理",
            "Nursing leaves little to check afterwards.",
            "护理服务事后难以核实。",
            "H02",
            "H15",
        ),
        _mix(
            "herbal",
            "herbal pieces",
            "中药饮片",
            "Sold by weight, and partly taken as tonics.",
            "按重量计价，部分实为滋补品。",
            "H18",
            "T08",
        ),
        _mix(
            "patent_drug",
            "Chinese patent drugs",
            "中成药",
            "A dear product may be given whatever the illness.",
            "可能不论病情普遍使用高价中成药。",
            "H17",
            "T08",
        ),
    ),
    needs=("claim_lines.charge_category",),
)
FAMILIES = (MIX,)
