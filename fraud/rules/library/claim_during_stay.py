"""Bought or treated elsewhere while lying in hospital."""

from fraud.rules.declare import Exemption, Parameter, Reason, Rule
from fraud.rules.executors.inside import Inside

CLAIM_DURING_STAY = Rule(
    code="claim_during_stay",
    version="1",
    name_en="Outpatient or pharmacy claim during a stay",
    name_zh="住院期间门诊或购药",
    says_en=(
        "An outpatient or pharmacy line, paid by the fund, is dated inside an inpatient stay of the same person, "
        "away from its first and last day."
    ),
    says_zh="同一参保人住院期间（不含入院、出院前后的宽限日）发生由基金支付的门诊或药店购药明细。",
    scheme_code="P13",
    family="actor",
    result_type="suspicious",
    basis=(
        "《医疗保障基金使用监督管理条例》（国务院令第735号）第十五条：挂床住院、虚假就医购药 "
        "(Regulation on the Supervision of Medical Security Funds, Art. 15: bed-holding, false visits and purchases)"
    ),
    source=(
        "Typology P13; published audit methods look for outpatient and pharmacy claims dated within a stay. "
        "The margin, the list of exemptions and naming the claim and not the stay are our proposal."
    ),
    amount_en="in-scope amount of the outpatient or pharmacy lines, net of refunds",
    amount_zh="门诊或购药明细的符合政策范围金额（扣除退费）",
    needs=("settlements.admit_time", "settlements.discharge_time", "claim_lines"),
    executor=Inside(
        encounter_types=("outpatient", "emergency", "chronic_outpatient", "special_drug", "pharmacy"),
        stay_types=("inpatient", "maternity"),
        margin_days="stay_margin_days",
    ),
    reasons=(
        Reason(
            "provider",
            "Dated while the patient lay in hospital: {lines} of {patients} on {days}. "
            "In scope {exposure}; the fund paid {fund} of it.",
            "{patients}在住院期间另有本机构的门诊或购药费用{lines}（共{days}），"
            "涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
        Reason(
            "patient",
            "Dated while the patient lay in hospital: {lines} at {providers} on {days}. "
            "In scope {exposure}; the fund paid {fund} of it.",
            "该参保人住院期间另有{providers}的门诊或购药费用{lines}（共{days}），"
            "涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
    ),
    parameters=(
        Parameter(
            "stay_margin_days", "days", "Typology P13: from the day after admission to the day before discharge."
        ),
    ),
    exemptions=(
        Exemption("The days of admission and discharge.", "入院日与出院日。"),
        Exemption(
            "The fund paid nothing: the person's own account or cash.",
            "基金未支付，全部由个人账户或现金支付。",
            "s.fund_paid <= 0",
        ),
        Exemption(
            "A leave ordered during the stay covers the day.",
            "住院期间有医嘱请假，且覆盖当日。",
            "exists (select 1 from stay_leaves v where v.settlement_key = o.settlement_key"
            " and l.fee_date between v.start_date and v.end_date)",
            needs=("stay_leaves",),
        ),
        Exemption(
            "Discharge medication.",
            "出院带药。",
            "l.is_discharge_medication",
            needs=("claim_lines.is_discharge_medication",),
        ),
        Exemption(
            "The prescription was written before admission.",
            "处方开具于入院之前。",
            "exists (select 1 from prescriptions p where p.prescription_key = l.prescription_key"
            " and cast(p.issue_time as date) < o.admit_date)",
            needs=("prescriptions", "claim_lines.prescription_id"),
        ),
        Exemption(
            "The visit took place under a referral: a test or treatment the hospital does not offer.",
            "凭转诊单外出检查或治疗（本院不能开展的项目）。",
            "s.referral_id is not null",
            needs=("settlements.referral_id",),
        ),
    ),
)
