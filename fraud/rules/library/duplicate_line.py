"""The same service billed twice."""

from fraud.rules.declare import Exemption, Reason, Rule
from fraud.rules.executors.repeat import Repeat

DUPLICATE_LINE = Rule(
    code="duplicate_line",
    version="1",
    name_en="Line billed again",
    name_zh="明细重复收费",
    says_en=(
        "A line repeats an earlier one of the same provider: same patient, item, time, quantity, price, amount "
        "and body site, in one settlement or in two. Where times are not recorded, the same day counts."
    ),
    says_zh=(
        "同一机构的一条明细与此前某条明细的人员、项目、时间、数量、单价、金额、部位完全相同，"
        "不论是否在同一次结算内；未记录时刻的按同一日期比对。"
    ),
    scheme_code="H08",
    family="exclusive_pair",
    result_type="suspicious",
    basis=(
        "《医疗保障基金使用监督管理条例》（国务院令第735号）第十五条：重复收费 "
        "(Regulation on the Supervision of Medical Security Funds, Art. 15: repeated charging)"
    ),
    source=(
        "Typology H08; Art. 15 and 38 of the Regulation; national library: repeated charging of services "
        "(医疗服务项目重复收费). Comparing a line with itself, and not with its exclusion pairs, is our proposal."
    ),
    amount_en="in-scope amount of each later line, net of its refunds",
    amount_zh="重复明细的符合政策范围金额（扣除退费）",
    needs=("settlements", "claim_lines"),
    executor=Repeat(
        same=("person_key", "provider_key", "item_key", "fee_time", "quantity", "unit_price", "amount", "body_site")
    ),
    reasons=(
        Reason(
            "provider",
            "Billed again: {lines} of {patients} on {days}, each like an earlier line in patient, item, time, quantity "
            "and price. In scope {exposure}; the fund paid {fund} of it.",
            "{patients}的{lines}与此前明细的人员、项目、时间、数量、单价完全相同（共{days}），"
            "涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
    ),
    exemptions=(
        Exemption("A line refunded, or a reversed settlement.", "已退费的明细或已冲销的结算。"),
        Exemption("Another body site or side, or another time of day.", "部位不同，或同日不同时刻。"),
        Exemption(
            "Only the day is recorded, and the equal lines together stay within what the item allows in a day.",
            "仅记录日期、且相同明细合计数量未超过该项目每日最大数量。",
            "l.fee_time = cast(l.fee_date as timestamp) and exists ("
            "select 1 from ref_items r where r.item_key = l.item_key"
            " and coalesce(r.max_daily_quantity_scope, 'day') = 'day'"
            " and r.max_daily_quantity >= l.group_quantity"
            " and (r.valid_from_date is null or r.valid_from_date <= l.fee_date)"
            " and (r.valid_to_date is null or r.valid_to_date >= l.fee_date))",
            needs=("ref_items.max_daily_quantity",),
        ),
    ),
)
