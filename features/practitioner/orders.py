"""Orders: kinds of charges that a practitioner orders, and their concentration on few items."""

from features.declare import Family, Feature
from features.expressions import entropy, hhi, largest_share, major_units
from features.vocabulary.text import Text

_NOTHING = "nothing ordered"
_OF_AMOUNT = "nullif(sum(greatest(amount, 0)), 0)"


def _share(amount: str) -> str:
    return f"cast(sum(greatest({amount}, 0)) as double) / {_OF_AMOUNT}"


MIX = Family(
    "orders",
    "开单结构",
    "practitioner",
    "select f.orderer_key as subject_key, f.* from work_facts f "
    "join visits v on v.settlement_key = f.settlement_key where f.orderer_key is not null",
    (
        Feature(
            "ordered_drug_share",
            Text("Share of ordered money on drugs", "开单药品费用占比"),
            "share",
            _share("drug_amount"),
            Text("Drugs can be sold on and may carry a commission.", "药品可转卖，也可能涉及回扣。"),
            "high",
            ("T07", "P09"),
            missing_means=_NOTHING,
        ),
        Feature(
            "ordered_examination_share",
            Text("Share of ordered money on examinations", "开单检查费用占比"),
            "share",
            _share("examination_amount"),
            Text("Examinations may be ordered to use the equipment.", "检查偏多，可能为消化设备产能。"),
            "high",
            ("H16", "R09"),
            missing_means=_NOTHING,
            needs=("claim_lines.charge_category",),
        ),
        Feature(
            "ordered_laboratory_share",
            Text("Share of ordered money on laboratory tests", "开单检验费用占比"),
            "share",
            _share("laboratory_amount"),
            Text("The same panels may be ordered whatever the complaint.", "可能不论病情一律开检验套餐。"),
            "high",
            ("H16", "R09"),
            missing_means=_NOTHING,
            needs=("claim_lines.charge_category",),
        ),
        Feature(
            "ordered_treatment_share",
            Text("Share of ordered money on treatments", "开单治疗费用占比"),
            "share",
            _share("treatment_amount"),
            Text("Sessions leave little to check afterwards.", "治疗类服务事后难以核实是否做过。"),
            "high",
            ("H36", "H15"),
            missing_means=_NOTHING,
            needs=("claim_lines.charge_category",),
        ),
        Feature(
            "ordered_consumable_share",
            Text("Share of ordered money on consumables", "开单耗材费用占比"),
            "share",
            _share("consumable_amount"),
            Text("Dear goods that are hard to count after use.", "耗材价高，用后难以清点。"),
            "high",
            ("H38",),
            missing_means=_NOTHING,
        ),
        Feature(
            "ordered_per_settlement_amount",
            Text("Ordered per settlement", "次均开单费用"),
            "currency",
            f"{major_units('amount')} / count(distinct settlement_key)",
            Text("Each visit is followed by large orders.", "每次接诊开单金额偏高。"),
            "high",
            ("H17", "T11"),
            missing_means=_NOTHING,
        ),
    ),
    needs=("claim_lines.prescriber_id",),
)
ITEMS = Family(
    "orders",
    "开单结构",
    "practitioner",
    "select practitioner_key as subject_key, item_key, cast(sum(amount) as bigint) as a from ordered_item_facts "
    "group by practitioner_key, item_key having sum(amount) > 0",
    (
        Feature(
            "top_item_share",
            Text("Share of ordered money on the dearest item", "最高费用项目占比"),
            "share",
            largest_share("a"),
            Text("Most money goes to one product.", "开单费用集中于单一产品。"),
            "high",
            ("R09", "H37"),
            missing_means=_NOTHING,
        ),
        Feature(
            "item_hhi_ratio",
            Text("Concentration of ordered money on items (HHI)", "开单项目费用集中度（HHI）"),
            "ratio",
            hhi("a"),
            Text("The same few items for most patients.", "多数患者开同样的少数项目。"),
            "high",
            ("H30", "H14"),
            missing_means=_NOTHING,
        ),
        Feature(
            "item_entropy_nats",
            Text("Diversity of ordered items", "开单项目多样性"),
            "nats",
            entropy("a"),
            Text("Orders from a template use few items.", "套用模板开单，项目种类单一。"),
            "low",
            ("H30",),
            missing_means=_NOTHING,
        ),
    ),
    needs=("claim_lines.prescriber_id",),
)
FAMILIES = (MIX, ITEMS)
