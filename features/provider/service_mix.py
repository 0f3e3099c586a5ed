"""Service mix: what the money is billed for."""

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
CODING = Family(
    "coding",
    "编码质量",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "diagnoses_per_settlement_ratio",
            Text("Diagnoses per settlement", "次均诊断数"),
            "ratio",
            "cast(sum(n_diagnoses) as double) / count(*)",
            Text("Secondary diagnoses may raise the payment group.", "次要诊断可能抬高病组。"),
            "high",
            ("H21",),
            needs=("diagnoses",),
        ),
        Feature(
            "missing_diagnosis_share",
            Text("Share of settlements without diagnosis", "无诊断结算占比"),
            "share",
            "cast(sum(case when n_diagnoses = 0 then 1 else 0 end) as double) / count(*)",
            Text("A matter of data quality before it is anything else.", "首先是数据质量问题，其次才是线索。"),
            "high",
            ("H31",),
            needs=("diagnoses",),
        ),
        Feature(
            "procedures_per_settlement_ratio",
            Text("Procedures per settlement", "次均手术操作数"),
            "ratio",
            "cast(sum(coalesce(n_procedures, 0)) as double) / count(*)",
            Text("Procedures may raise the payment group.", "手术操作编码可能抬高病组。"),
            "high",
            ("H15", "H21"),
            needs=("procedures",),
        ),
        Feature(
            "lines_per_settlement_ratio",
            Text("Claim lines per settlement", "次均明细数"),
            "ratio",
            "cast(sum(n_lines) as double) / count(*)",
            Text("Unbundled and repeated charges add lines.", "分解收费、重复收费都会增加明细数。"),
            "high",
            ("H08", "H10"),
            needs=("claim_lines",),
        ),
        Feature(
            "refunded_lines_share",
            Text("Refund lines among claim lines", "退费明细占比"),
            "share",
            "cast(sum(n_negative_lines) as double) / nullif(sum(n_lines), 0)",
            Text(
                "Billed, then taken back: corrections, or tests of what passes.", "先收后退：或属更正，或在试探审核。"
            ),
            "high",
            ("H08", "T01"),
            missing_means="no claim lines",
            needs=("claim_lines",),
        ),
    ),
)
FAMILIES = (MIX, CODING)
