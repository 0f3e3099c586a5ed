"""Data quality: what is left blank, posted late or does not add up; an alarm of its own before it is a suspicion."""

from features.declare import Family, Feature
from features.expressions import share_among, share_of
from features.provider.checked_visits import CHECKED_VISITS


def _lines(name: str, label: str, name_zh: str, why: str, typologies: tuple[str, ...], *needs: str) -> Feature:
    return Feature(
        f"lines_{name}_share",
        f"Share of lines {label}",
        f"{name_zh}明细占比",
        "share",
        f"cast(coalesce(sum(n_{name}), 0) as double) / nullif(sum(n_lines), 0)",
        why,
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
            "Share of settlements without a credential",
            "无就诊凭证结算占比",
            "share",
            share_of("credential_type is null"),
            "Nobody showed a card.",
            "high",
            ("H15", "P05"),
            needs=("settlements.credential_type",),
        ),
        Feature(
            "midnight_share",
            "Share of settlements at midnight to the second",
            "零点整结算占比",
            "share",
            share_of("settle_time = cast(day as timestamp)"),
            "Times are not what the till recorded.",
            "high",
            ("H15", "T09"),
        ),
        Feature(
            "unexplained_parts_share",
            "Share of settlements whose payments do not add up to the total",
            "支付构成与总额不符结算占比",
            "share",
            share_of("fund_paid_amount + account_paid_amount + cash_paid_amount <> total_amount"),
            "Somebody else paid, or nobody did.",
            "high",
            ("H07", "P10"),
            needs=("settlements.account_paid_amount", "settlements.cash_paid_amount"),
        ),
        Feature(
            "unsupported_money_share",
            "Share of money that no line accounts for",
            "无明细支撑费用占比",
            "share",
            "cast(sum(greatest(total_amount - lines_amount, 0)) as double) / nullif(sum(greatest(total_amount, 0)), 0)",
            "A sum without anything bought for it.",
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
            "Share of visits without a department",
            "无科室就诊占比",
            "share",
            share_of("not has_department"),
            "A visit that no room can confirm.",
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
            "Share of inpatient stays without a bed number",
            "无床号住院占比",
            "share",
            share_among("encounter_type = 'inpatient'", "not has_bed"),
            "A stay without a bed is a stay on paper.",
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
            "Share of settlements more than a day after care ended",
            "服务结束次日后补结算占比",
            "share",
            share_of("delay_days > 1"),
            "Written afterwards, when it was known what passes.",
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
            "Care before it began or after it ended.",
            ("H15",),
        ),
        _lines(
            "after", "dated after their settlement", "晚于结算时间", "Paid first, done later, or never.", ("H15", "T05")
        ),
        _lines(
            "mispriced",
            "whose amount is not quantity times price",
            "金额与数量单价不符",
            "The sum was written by hand.",
            ("H09",),
            "claim_lines.unit_price",
        ),
        _lines(
            "unnamed",
            "without the item's name",
            "无项目名称",
            "What was given is left to the code.",
            ("H14",),
            "claim_lines.item_name",
        ),
        _lines(
            "loose_refunds",
            "that refund no line",
            "无原明细退费",
            "Sums are pushed about until they fit.",
            ("H08", "T01"),
            "claim_lines.original_line_number",
        ),
    ),
    needs=("claim_lines",),
)
FAMILIES = (BLANKS, CARE_BLANKS, STAY_BLANKS, LATE, LINES)
