"""Service mix: what the money is billed for."""

from features.declare import Family, Feature


def _mix(name: str, label: str, name_zh: str, why: str, *typologies: str) -> Feature:
    return Feature(
        f"{name}_share",
        f"Share of money on {label}",
        f"{name_zh}费用占比",
        "share",
        f"cast(sum({name}_amount) as double) / nullif(sum(total_amount), 0)",
        why,
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
        _mix("drug", "drugs", "药品", "Drugs can be resold.", "P02", "T08"),
        _mix("consumable", "consumables", "耗材", "Implants that nobody counts.", "H38"),
        _mix("examination", "examinations", "检查", "Tests for everybody.", "H16", "H03"),
        _mix("laboratory", "laboratory", "化验", "Panels for everybody.", "H16", "H03"),
        _mix("treatment", "treatment", "治疗", "Scheduled therapy padded.", "H36"),
        _mix("bed", "beds", "床位", "Beds without care.", "H02"),
        _mix("nursing", "nursing", "护理", "Hours at the bedside that nobody can count afterwards.", "H02", "H15"),
        _mix("herbal", "herbal pieces", "中药饮片", "Sold by weight, and tonics in all but name.", "H18", "T08"),
        _mix("patent_drug", "Chinese patent drugs", "中成药", "One dear bottle for every illness.", "H17", "T08"),
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
            "Diagnoses per settlement",
            "次均诊断数",
            "ratio",
            "cast(sum(n_diagnoses) as double) / count(*)",
            "Secondary diagnoses raise the payment group.",
            "high",
            ("H21",),
            needs=("diagnoses",),
        ),
        Feature(
            "missing_diagnosis_share",
            "Share of settlements without diagnosis",
            "无诊断结算占比",
            "share",
            "cast(sum(case when n_diagnoses = 0 then 1 else 0 end) as double) / count(*)",
            "A matter of data quality before it is anything else.",
            "high",
            ("H31",),
            needs=("diagnoses",),
        ),
        Feature(
            "procedures_per_settlement_ratio",
            "Procedures per settlement",
            "次均手术操作数",
            "ratio",
            "cast(sum(coalesce(n_procedures, 0)) as double) / count(*)",
            "Procedures raise the payment group.",
            "high",
            ("H15", "H21"),
            needs=("procedures",),
        ),
        Feature(
            "lines_per_settlement_ratio",
            "Claim lines per settlement",
            "次均明细数",
            "ratio",
            "cast(sum(n_lines) as double) / count(*)",
            "Unbundled and repeated charges add lines.",
            "high",
            ("H08", "H10"),
            needs=("claim_lines",),
        ),
        Feature(
            "refunded_lines_share",
            "Refund lines among claim lines",
            "退费明细占比",
            "share",
            "cast(sum(n_negative_lines) as double) / nullif(sum(n_lines), 0)",
            "Billed, then taken back after a look.",
            "high",
            ("H08", "T01"),
            missing_means="no claim lines",
            needs=("claim_lines",),
        ),
    ),
)
FAMILIES = (MIX, CODING)
