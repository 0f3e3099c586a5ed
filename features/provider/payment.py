"""Payment: credentials, set-aside checks, liable payers, terminals, invoices, and the yearly budget."""

from features.declare import Family, Feature
from features.expressions import ratio, share_known, share_of
from features.vocabulary.text import Text

SETTLED = Family(
    "payment",
    "支付与凭证",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "other_credential_share",
            Text("Share of settlements by a credential other than card or e-credential", "非常规凭证结算占比"),
            "share",
            share_known("credential_type", "credential_type = 'other'"),
            Text("A number typed in by hand does not need the patient's presence.", "手工录入证号时，患者可以不在场。"),
            "high",
            ("P05", "H15"),
            missing_means="no credential named",
            needs=("settlements.credential_type",),
        ),
        Feature(
            "manual_override_share",
            Text("Share of settlements with an automatic check set aside", "人工干预放行占比"),
            "share",
            share_of("has_manual_override"),
            Text("What the system refused was let pass by hand.", "系统拦截后由人工放行。"),
            "high",
            ("R11",),
            needs=("settlements.has_manual_override",),
        ),
        Feature(
            "near_cap_fund_share",
            Text("Share of fund money on people at 95 percent of their yearly ceiling", "达封顶线95%人员基金支付占比"),
            "share",
            ratio(
                "case when is_near_cap then greatest(fund_paid_amount, 0) else 0 end",
                "case when is_near_cap is not null then greatest(fund_paid_amount, 0) end",
            ),
            Text("The benefit of the year is used up to its ceiling.", "年度待遇用至封顶线附近。"),
            "high",
            ("P08",),
            missing_means="no ceiling given, or nothing paid",
            needs=("settlements.annual_cap_amount", "settlements.annual_paid_to_date_amount"),
        ),
        Feature(
            "third_party_injury_share",
            Text(
                "Share of settlements paid by the funds for which another payer is liable", "第三方责任费用基金支付占比"
            ),
            "share",
            share_of("is_third_party_injury and fund_paid_amount > 0"),
            Text("Another payer may be liable for the accident.", "意外伤害可能应由第三方承担。"),
            "high",
            ("P10",),
            needs=("settlements.is_third_party_injury",),
        ),
        Feature(
            "medical_aid_share",
            Text("Share of money from medical aid", "医疗救助支付占比"),
            "share",
            "greatest(cast(sum(medical_aid_paid_amount) as double) / nullif(sum(total_amount), 0), 0)",
            Text("People who pay nothing themselves are the easiest to recruit.", "无需自付的人群最容易被拉拢。"),
            "high",
            ("P15", "H07"),
            missing_means="nothing billed",
            needs=("settlements.medical_aid_paid_amount",),
        ),
    ),
)
METHOD = Family(
    "payment",
    "支付与凭证",
    "provider",
    "select v.provider_key as subject_key, v.payment_method, o.payment_method as usual_method from visits v "
    "join providers o on o.provider_key = v.provider_key "
    "where v.is_inpatient and v.payment_method is not null and o.payment_method is not null",
    (
        Feature(
            "other_method_share",
            Text("Share of stays paid by another method than the provider's own", "未按本机构支付方式结算住院占比"),
            "share",
            share_of("payment_method <> usual_method"),
            Text(
                "High: dear cases may be moved out of the case rate. Low: none leaves it.",
                "偏高可能把高费用病例移出按病组付费，偏低说明无一退出。",
            ),
            "both",
            ("H22", "H23"),
            missing_means="no stay with a known method",
        ),
    ),
    needs=("settlements.payment_method", "providers.payment_method"),
)
OPERATORS = Family(
    "payment",
    "支付与凭证",
    "provider",
    # Operators who act at several providers: staff of the insurer, and not a till's own cashier.
    """
    select p.provider_key as subject_key, p.n, o.n as n_all
    from (
      select provider_key, operator_id, sum(case when has_manual_override then 1 else 0 end) as n
      from visits where operator_id is not null group by provider_key, operator_id
    ) p
    join (
      select operator_id, sum(case when has_manual_override then 1 else 0 end) as n
      from visits where operator_id is not null
      group by operator_id having count(distinct provider_key) > 1
    ) o on o.operator_id = p.operator_id
    """,
    (
        Feature(
            "override_favour_share",
            Text(
                "Largest share of one operator's overrides that falls on the provider",
                "单一经办人人工干预集中于本机构最高占比",
            ),
            "share",
            "max(case when n_all >= 5 then cast(n as double) / n_all end)",
            Text("The overrides of one official gather at this provider.", "某经办人的人工放行集中于本机构。"),
            "high",
            ("R11",),
            missing_means="no operator with five overrides acts here and elsewhere",
        ),
    ),
    needs=("settlements.operator_id", "settlements.has_manual_override"),
)
TERMINALS = Family(
    "payment",
    "支付与凭证",
    "provider",
    # A number that many providers use is a local one ("1", "2") and names no machine.
    """
    select v.provider_key as subject_key, t.n_providers from visits v
    join (
      select terminal_id, count(distinct provider_key) as n_providers from visits
      where terminal_id is not null group by terminal_id
    ) t on t.terminal_id = v.terminal_id
    """,
    (
        Feature(
            "roaming_terminal_share",
            Text("Share of settlements on a terminal that one or two other providers use too", "跨机构终端结算占比"),
            "share",
            share_of("n_providers between 2 and 3"),
            Text(
                "A terminal registered elsewhere is used here, or the other way round.",
                "终端在多家机构使用，可能被移机刷卡。",
            ),
            "high",
            ("P06", "R10"),
            missing_means="no terminal named",
        ),
    ),
    needs=("settlements.terminal_id",),
)
CREDENTIALS = Family(
    "payment",
    "支付与凭证",
    "provider",
    """
    select c.provider_key as subject_key, c.person_key,
      max(case when c.n_with > 1 then 1 else 0 end) as is_usual
    from (
      select provider_key, person_key, count(*) over (partition by person_key, credential_type) as n_with
      from (
        select distinct provider_key, person_key, credential_type from visits where credential_type is not null
      ) d
    ) c join people p on p.person_key = c.person_key and p.n_providers > 1
    group by c.provider_key, c.person_key
    """,
    (
        Feature(
            "unusual_credential_share",
            Text("Share of patients who identify themselves here as nowhere else", "凭证类型与他处不一致患者占比"),
            "share",
            share_of("is_usual = 0"),
            Text("Patients identify themselves here otherwise than everywhere else.", "患者在此所用凭证与在他处不同。"),
            "high",
            ("P05", "P06"),
            missing_means="no patient goes elsewhere too",
        ),
    ),
    needs=("settlements.credential_type",),
)
INVOICES = Family(
    "payment",
    "支付与凭证",
    "provider",
    "select v.provider_key as subject_key, i.n from visits v join ("
    "select settlement_key, count(*) over (partition by invoice_number) as n from ("
    "select f.* from invoice_facts f join visits x on x.settlement_key = f.settlement_key) f"
    ") i on i.settlement_key = v.settlement_key",
    (
        Feature(
            "repeated_invoice_share",
            Text("Share of settlements whose invoice answers to another settlement too", "票据号重复结算占比"),
            "share",
            share_of("n > 1"),
            Text("One invoice number stands under two settlements.", "同一票据号出现在两次结算。"),
            "high",
            ("P10",),
            missing_means="no invoice named",
        ),
    ),
    needs=("settlements.invoice_number",),
)
BUDGET = Family(
    "payment",
    "支付与凭证",
    "provider",
    # Months of the last month's year that the window holds.
    """
    select m.provider_key as subject_key, m.fund_paid_amount, b.budget_amount, y.n_months
    from money m
    join (
      select substr(month, 1, 4) as year, count(distinct month) as n_months from money
      where substr(month, 1, 4) in (select max(substr(month, 1, 4)) from money) group by substr(month, 1, 4)
    ) y on y.year = substr(m.month, 1, 4)
    join payment_budgets b on b.provider_key = m.provider_key and b.year = cast(y.year as bigint)
    """,
    (
        Feature(
            "budget_pace_ratio",
            Text("Paid by the funds over the budget's part of the year's months", "基金支付与年度总额进度之比"),
            "ratio",
            "cast(sum(fund_paid_amount) as double) * 12 / max(n_months) / nullif(max(budget_amount), 0)",
            Text(
                "High: a push before the year ends. Low: patients may be turned away.",
                "偏高可能年末冲量，偏低可能推诿患者。",
            ),
            "both",
            ("H33", "H24", "D-25"),
            missing_means="no budget for the year",
        ),
    ),
    needs=("payment_budgets",),
)
FAMILIES = (
    SETTLED,
    METHOD,
    OPERATORS,
    TERMINALS,
    CREDENTIALS,
    INVOICES,
    BUDGET,
)
