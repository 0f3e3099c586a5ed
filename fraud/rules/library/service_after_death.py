"""Services to the dead."""

from fraud.rules.declare import Exemption, Parameter, Reason, Rule
from fraud.rules.executors.after import AfterPersonDate

SERVICE_AFTER_DEATH = Rule(
    code="service_after_death",
    version="1",
    name_en="Service after death",
    name_zh="死亡后发生费用",
    says_en="A line is dated after the person's death, beyond a day of grace.",
    says_zh="明细的费用发生日期晚于参保人死亡日期，且超过宽限日。",
    scheme_code="P11",
    family="data_integrity",
    result_type="definite",
    basis=(
        "《医疗保障基金使用监督管理条例》（国务院令第735号）第四十条：虚构医药服务项目、冒名就医购药 "
        "(Regulation on the Supervision of Medical Security Funds, Art. 40: invented services, borrowed identities)"
    ),
    source="Typology P11 with its grace of one day; published audit models on benefits after death.",
    amount_en="in-scope amount of the lines, net of refunds",
    amount_zh="相关明细的符合政策范围金额（扣除退费）",
    needs=("persons.death_date", "claim_lines"),
    executor=AfterPersonDate(column="death_date", grace_days="death_grace_days"),
    reasons=(
        Reason(
            "provider",
            "Dated after the patient's death, by up to {most_days}: {lines} of {patients}. "
            "In scope {exposure}; the fund paid {fund} of it.",
            "{patients}的{lines}发生在其死亡日期之后，最晚相隔{most_days}，"
            "涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
        Reason(
            "patient",
            "Dated after the recorded death, by up to {most_days}: {lines} at {providers}. "
            "In scope {exposure}; the fund paid {fund} of it.",
            "该参保人在{providers}的{lines}晚于登记的死亡日期，最晚相隔{most_days}，"
            "涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
    ),
    parameters=(Parameter("death_grace_days", "days", "Typology P11: one day of grace."),),
    exemptions=(
        Exemption("The day of death and the grace after it.", "死亡当日及宽限日。"),
        Exemption(
            "Late posting: the care itself ended by then.",
            "补录入账：就诊服务在此之前已经结束。",
            "s.service_end_date <= e.ended",
        ),
    ),
)
