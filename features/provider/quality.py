"""Data quality: blanks, late postings and sums that do not add up; an alarm of its own before it is a suspicion."""

from features.declare import Family, Feature
from features.expressions import ratio, share_among, share_of
from features.provider.checked_visits import CHECKED_VISITS
from features.vocabulary.text import Text


def _lines(
    name: str, label: str, name_zh: str, why: str, why_zh: str, *typologies: str, needs: tuple[str, ...] = ()
) -> Feature:
    return Feature(
        f"lines_{name}_share",
        Text(f"Share of lines {label}", f"{name_zh}明细占比"),
        "share",
        f"cast(coalesce(sum(n_{name}), 0) as double) / nullif(sum(n_lines), 0)",
        Text(why, why_zh),
        "high",
        typologies,
        missing_means="no line",
        needs=needs,
    )


BLANKS = Family(
    "quality",
    "数据质量",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "missing_credential_share",
            Text("Share of settlements without a credential", "无就诊凭证结算占比"),
            "share",
            share_of("credential_type is null"),
            Text("No credential is recorded for the visit.", "未记录就诊凭证。"),
            "high",
            ("H15", "P05"),
            needs=("settlements.credential_type",),
        ),
        Feature(
            "midnight_share",
            Text("Share of settlements at midnight to the second", "零点整结算占比"),
            "share",
            share_of("settle_time = cast(day as timestamp)"),
            Text("Times at midnight to the second were not recorded at the till.", "零点整的时间并非实际结算时刻。"),
            "high",
            ("H15", "T09"),
        ),
        Feature(
            "unexplained_parts_share",
            Text("Share of settlements whose payments do not add up to the total", "支付构成与总额不符结算占比"),
            "share",
            share_of("fund_paid_amount + account_paid_amount + cash_paid_amount <> total_amount"),
            Text(
                "The payments do not add up: another payer, or none.",
                "支付构成合计与总额不符，可能有其他支付方或未支付。",
            ),
            "high",
            ("H07", "P10"),
            needs=("settlements.account_paid_amount", "settlements.cash_paid_amount"),
        ),
        Feature(
            "unsupported_money_share",
            Text("Share of money that no line accounts for", "无明细支撑费用占比"),
            "share",
            ratio("greatest(total_amount - lines_amount, 0)", "greatest(total_amount, 0)"),
            Text("Money for which no line says what was given.", "有金额而无明细说明所提供的服务。"),
            "high",
            ("H15", "T09"),
            missing_means="nothing billed",
            needs=("claim_lines",),
        ),
    ),
)
CARE_BLANKS = Family(
    "quality",
    "数据质量",
    "provider",
    "select provider_key as subject_key, * from care_visits",
    (
        Feature(
            "missing_department_share",
            Text("Share of visits without a department", "无科室就诊占比"),
            "share",
            share_of("not has_department"),
            Text("No department is named that could confirm the visit.", "未载明科室，无法核实就诊。"),
            "high",
            ("H15", "H28"),
            missing_means="a pharmacy",
            needs=("settlements.department_code",),
        ),
    ),
)
STAY_BLANKS = Family(
    "quality",
    "数据质量",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "missing_bed_share",
            Text("Share of inpatient stays without a bed number", "无床号住院占比"),
            "share",
            share_among("encounter_type = 'inpatient'", "not has_bed"),
            Text("No bed is named that could confirm the stay.", "未载明床号，无法核实住院。"),
            "high",
            ("H01", "H02"),
            missing_means="no inpatient stay",
            needs=("settlements.bed_number",),
        ),
    ),
)
LATE = Family(
    "quality",
    "数据质量",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "settled_late_share",
            Text("Share of settlements more than a day after care ended", "服务结束次日后补结算占比"),
            "share",
            share_of("delay_days > 1"),
            Text("Entered afterwards, when it may be known what passes.", "事后补录结算，可能已知晓审核尺度。"),
            "high",
            ("H15", "T05"),
        ),
    ),
)
LINES = Family(
    "quality",
    "数据质量",
    "provider",
    CHECKED_VISITS,
    (
        _lines(
            "outside",
            "dated outside the days of care",
            "日期在就诊期外",
            "Lines dated before the care began or after it ended.",
            "明细日期在就诊开始前或结束后。",
            "H15",
        ),
        _lines(
            "after",
            "dated after their settlement",
            "晚于结算时间",
            "The service is dated after it was paid.",
            "服务日期晚于结算，可能先收费后补做或未做。",
            "H15",
            "T05",
        ),
        _lines(
            "mispriced",
            "whose amount is not quantity times price",
            "金额与数量单价不符",
            "The amount does not follow from quantity and price.",
            "金额并非由数量与单价得出。",
            "H09",
            needs=("claim_lines.unit_price",),
        ),
        _lines(
            "unnamed",
            "without the item's name",
            "无项目名称",
            "Without a name only the code says what was given.",
            "缺少名称，只能凭编码判断所提供的项目。",
            "H14",
            needs=("claim_lines.item_name",),
        ),
        _lines(
            "loose_refunds",
            "that refund no line",
            "无原明细退费",
            "Refunds that name no line may be used to make sums fit.",
            "退费不对应原明细，可能用于调平金额。",
            "H08",
            "T01",
            needs=("claim_lines.original_line_number",),
        ),
    ),
    needs=("claim_lines",),
)
FAMILIES = (BLANKS, CARE_BLANKS, STAY_BLANKS, LATE, LINES)
