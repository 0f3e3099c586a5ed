"""Payment: credentials, accounts, ceilings and overrides, and sums that repeat."""

from features.declare import Family, Feature
from features.expressions import IS_WHOLE_TENS, count_where, ratio, share_known, share_of
from features.vocabulary.text import Text

_NOTHING = "nothing billed"

VISITS = Family(
    "payment",
    "支付",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "proxy_share",
            Text("Share of settlements fetched by somebody else", "代办结算占比"),
            "share",
            share_of("is_proxy_purchase"),
            Text(
                "Others come with the card; ordinary for the bedridden, a warning in bulk.",
                "多由他人代办；行动不便者属正常，大量出现需核实。",
            ),
            "high",
            ("P05", "P06"),
            needs=("settlements.is_proxy_purchase",),
        ),
        Feature(
            "e_credential_share",
            Text("Share of settlements by e-credential", "医保电子凭证结算占比"),
            "share",
            share_known("credential_type", "credential_type = 'e_credential'"),
            Text(
                "High: a picture of a code is passed on easily. "
                "Low: the card itself is always there, whoever holds it.",
                "偏高时凭码截图即可使用，偏低时总用实体卡，需看由谁持有。",
            ),
            "both",
            ("P07",),
            missing_means="no credential on record",
            needs=("settlements.credential_type",),
        ),
        Feature(
            "account_only_share",
            Text("Share of settlements paid from the account alone", "仅个人账户支付结算占比"),
            "share",
            share_of("account_paid_amount = total_amount and total_amount > 0"),
            Text(
                "Purchases from the account alone are checked least and are where it is cashed out.",
                "纯个人账户支付监管较弱，是套现的常见方式。",
            ),
            "high",
            ("P07", "T09"),
            needs=("settlements.account_paid_amount",),
        ),
        Feature(
            "mutual_aid_share",
            Text("Share of money paid from relatives' accounts", "家庭共济支付占比"),
            "share",
            ratio("mutual_aid_paid_amount", "total_amount"),
            Text("Accounts of family members are drawn on.", "动用家庭成员的个人账户资金。"),
            "high",
            ("P05", "P07"),
            missing_means=_NOTHING,
            needs=("settlements.mutual_aid_paid_amount",),
        ),
        Feature(
            "no_cash_share",
            Text("Share of settlements without a cent in cash", "零现金支付结算占比"),
            "share",
            share_of("cash_paid_amount = 0"),
            Text(
                "Care without any payment of one's own is more easily taken for others.",
                "个人不付现金，更容易替他人就医配药。",
            ),
            "high",
            ("H07", "P15"),
            needs=("settlements.cash_paid_amount",),
        ),
        Feature(
            "near_cap_share",
            Text("Share of settlements at 95 % of the year's cap or above", "接近封顶线结算占比"),
            "share",
            share_known("is_near_cap", "is_near_cap"),
            Text("The benefit of the year is used up to its ceiling.", "年度待遇用至封顶线附近。"),
            "high",
            ("P02", "P10"),
            missing_means="no cap known",
            needs=("settlements.annual_cap_amount", "settlements.annual_paid_to_date_amount"),
        ),
        Feature(
            "override_share",
            Text("Share of settlements whose check was set aside", "人工干预结算占比"),
            "share",
            share_of("has_manual_override"),
            Text("Automatic checks were set aside by hand, again and again.", "系统校验多次被人工放行。"),
            "high",
            ("R11",),
            needs=("settlements.has_manual_override",),
        ),
        Feature(
            "injury_settlements_count",
            Text("Settlements after an injury that a third party or an employer owes", "第三方责任或工伤结算次数"),
            "count",
            count_where("is_third_party_injury"),
            Text(
                "Another payer, a liable party or work-injury insurance, may owe this.",
                "可能应由第三方责任人或工伤保险支付。",
            ),
            "high",
            ("P11",),
            needs=("settlements.is_third_party_injury",),
        ),
        Feature(
            "round_amount_share",
            Text("Share of settlements over whole tens", "整十元结算占比"),
            "share",
            share_of(IS_WHOLE_TENS),
            Text(
                "Prices of drugs are odd; round totals suggest that the sum came first.",
                "药价多有零头，整额结算可能是先定金额后配药。",
            ),
            "high",
            ("P07", "T09"),
        ),
    ),
)
EQUAL = Family(
    "payment",
    "支付",
    "patient",
    """
    select person_key as subject_key, provider_key, total_amount, cast(sum(n) as bigint) as n, count(*) as n_days
    from (
      select person_key, provider_key, total_amount, day, count(*) as n
      from visits where total_amount > 0 group by person_key, provider_key, total_amount, day
    ) d group by person_key, provider_key, total_amount
    """,
    (
        Feature(
            "equal_sums_share",
            Text("Share of settlements at the same provider over the same sum on other days", "同机构等额重复结算占比"),
            "share",
            "cast(sum(case when n_days >= 3 then n else 0 end) as double) / sum(n)",
            Text(
                "The same sum at the same place again: bills may be repeated by template.",
                "同一机构反复出现相同金额，可能套用模板结算。",
            ),
            "high",
            ("P07", "P06", "T09"),
            missing_means=_NOTHING,
        ),
    ),
)
REVERSED = Family(
    "payment",
    "支付",
    "patient",
    "select person_key as subject_key, * from money",
    (
        Feature(
            "refund_share",
            Text("Share of settlements that are refunds", "退费结算占比"),
            "share",
            share_of("is_reversal"),
            Text(
                "Bills are paid and then taken back; the refund may reach other hands.",
                "结算后又退费，需核对退款去向。",
            ),
            "high",
            ("P12", "P07"),
        ),
    ),
    needs=("settlements.is_reversal",),
)
FAMILIES = (VISITS, EQUAL, REVERSED)
