"""More work than a day holds."""

from fraud.rules.declare import Exemption, Parameter, Reason, Rule
from fraud.rules.executors.daily_limit import PractitionerDay

PRACTITIONER_DAY = Rule(
    code="practitioner_day",
    version="1",
    name_en="Practitioner's minutes beyond a day",
    name_zh="医师单日工时超限",
    says_en=(
        "The standard minutes of one practitioner's services on a calendar day, over all providers, are more than "
        "the day holds. The lines that pass the limit violate, in the order in which they were settled and given."
    ),
    says_zh=(
        "同一医师在所有机构一个自然日内的服务标准工时合计超过一天所能容纳的时长。"
        "按结算与发生先后累计，超出限额的明细列为违规项。"
    ),
    scheme_code="H26",
    family="actor",
    result_type="definite",
    basis=(
        "《医疗保障基金使用监督管理条例》（国务院令第735号）第四十条：虚构医药服务项目 "
        "(Regulation on the Supervision of Medical Security Funds, Art. 40: invented services)"
    ),
    source=(
        "Typology H26: more than 24 hours in a day is self-evident. Standard minutes are those of the reference "
        "items; typical minutes are no legal requirement, so lower limits need peer support."
    ),
    amount_en=(
        "in-scope amount of the lines beyond the limit; of the line that crosses it x minutes beyond / its minutes, "
        "rounded down"
    ),
    amount_zh="超出限额明细的符合政策范围金额；跨越限额的一条按超出分钟÷该条分钟折算，向下取整到分",
    needs=("ref_items.standard_minutes", "claim_lines"),
    executor=PractitionerDay(limit="practitioner_minutes_per_day"),
    reasons=(
        Reason(
            "provider",
            "Beyond {limit_minutes} minutes of one practitioner's day: {lines} of {practitioners} on {days}; "
            "the fullest day holds {most_minutes} standard minutes. In scope {exposure}; the fund paid {fund} of it.",
            "{practitioners}的{lines}超出单日{limit_minutes}分钟的上限（共{days}，最高单日标准工时{most_minutes}分钟），"
            "涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
        Reason(
            "practitioner",
            "Beyond {limit_minutes} minutes of the practitioner's day: {lines} at {providers} on {days}; "
            "the fullest day holds {most_minutes} standard minutes. In scope {exposure}; the fund paid {fund} of it.",
            "该医师在{providers}的{lines}超出单日{limit_minutes}分钟的上限（共{days}，最高单日标准工时{most_minutes}分钟），"
            "涉及符合政策范围金额{exposure}，其中基金支付{fund}。",
        ),
    ),
    parameters=(
        Parameter("practitioner_minutes_per_day", "minutes", "Arithmetic: 24 x 60 minutes are a whole day (H26)."),
    ),
    exemptions=(
        Exemption(
            "The identifier stands for a team.",
            "该编号为团队编号。",
            "exists (select 1 from practitioners t where t.practitioner_key = l.practitioner_key"
            " and t.is_team_identifier)",
            needs=("practitioners.is_team_identifier",),
        ),
        Exemption(
            "Lines of several days posted on one day: the day of service is not known.",
            "多日费用集中在一天入账，无法确定实际服务日期。",
            "not s.is_dated",
        ),
    ),
)
