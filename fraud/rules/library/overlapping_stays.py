"""One person in two beds."""

from fraud.rules.declare import Exemption, Parameter, Reason, Rule
from fraud.rules.executors.overlap import Overlap

OVERLAPPING_STAYS = Rule(
    code="overlapping_stays",
    version="1",
    name_en="Stays at two providers at once",
    name_zh="重叠住院",
    says_en=(
        "A person lies at two providers at once for more nights than a transfer explains. Which bed was empty the "
        "claims do not say: the stay settled later is named, the other is involved."
    ),
    says_zh=(
        "同一参保人在两家机构的住院时段重叠，且重叠夜数超过转院所能解释的范围。"
        "仅凭结算数据不能认定哪一张床位无人，后结算的一次列为违规项，另一次列为涉及项。"
    ),
    scheme_code="H06",
    family="actor",
    result_type="suspicious",
    basis=(
        "《医疗保障基金使用监督管理条例》（国务院令第735号）第十五条：分解住院、挂床住院 "
        "(Regulation on the Supervision of Medical Security Funds, Art. 15: split and bed-holding stays)"
    ),
    source=(
        "Typology H06; published audit methods compare the intervals of stays. Counting nights, and which stay is "
        "named, are our proposal."
    ),
    amount_en=(
        "in-scope amount of the later stay's lines dated on the days in common; where lines do not tell days apart, "
        "each line x nights in common / nights of the stay, rounded down"
    ),
    amount_zh=(
        "后结算住院在重叠日期内的明细符合政策范围金额；明细日期无法区分时，按各明细金额×重叠夜数÷住院夜数计算，向下取整到分"
    ),
    needs=("settlements.admit_time", "settlements.discharge_time", "claim_lines"),
    executor=Overlap(encounter_types=("inpatient", "maternity"), lawful_nights="lawful_nights_in_common"),
    reasons=(
        Reason(
            "provider",
            "Stays that overlap stays at other providers, by up to {most_nights}: {settlements} of {patients}. "
            "In scope {exposure} on the days in common; the fund paid {fund} of it.",
            "本机构{patients}的{settlements}与其他机构的住院时段重叠，最长重叠{most_nights}，"
            "重叠期间涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
        Reason(
            "patient",
            "Stays that overlap stays at other providers, by up to {most_nights}: {settlements}. "
            "In scope {exposure} on the days in common; the fund paid {fund} of it.",
            "该参保人的{settlements}与其他机构的住院时段重叠，最长重叠{most_nights}，"
            "重叠期间涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
    ),
    parameters=(
        Parameter(
            "lawful_nights_in_common",
            "nights",
            "Our proposal: a transfer day, or one night of late posting, is lawful.",
        ),
    ),
    exemptions=(
        Exemption("The day of a transfer.", "转院当日。"),
        Exemption(
            "Both settlements belong to one encounter.",
            "两次结算属于同一次就诊。",
            "s.encounter_id = o.encounter_id",
            needs=("settlements.encounter_id",),
        ),
        Exemption(
            "A leave ordered during one of the stays covers the days in common.",
            "其中一次住院有医嘱请假，且请假覆盖重叠日期。",
            "exists (select 1 from stay_leaves v where v.settlement_key in (s.settlement_key, o.settlement_key)"
            " and v.start_date <= greatest(s.admit_date, o.admit_date)"
            " and v.end_date >= least(s.discharge_date, o.discharge_date))",
            needs=("stay_leaves",),
        ),
    ),
)
