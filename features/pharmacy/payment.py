"""Payment: accounts, e-credentials, proxies and ceilings, and sums that repeat."""

from features.declare import Family, Feature
from features.expressions import largest_share, ratio, share_known, share_of
from features.vocabulary.text import Text

WAYS = Family(
    "pharmacy_payment",
    "药店支付",
    "provider",
    "select provider_key as subject_key, * from counter_sales",
    (
        Feature(
            "counter_e_credential_account_share",
            Text("Share of purchases by e-credential paid from the account alone", "电子凭证纯账户支付占比"),
            "share",
            "cast(sum(case when credential_type = 'e_credential' and account_paid_amount >= total_amount then 1 else 0 "
            "end) as double) / nullif(count(case when credential_type is not null then 1 end), 0)",
            Text("A picture of a code is enough to use an account from afar.", "凭电子凭证码截图即可异地动用账户。"),
            "high",
            ("P07",),
            missing_means="no credential named",
            needs=("settlements.credential_type", "settlements.account_paid_amount"),
        ),
        Feature(
            "counter_account_only_share",
            Text("Share of purchases paid from the account alone", "纯个人账户支付占比"),
            "share",
            share_of("account_paid_amount >= total_amount"),
            Text(
                "Purchases that take no cash at all may be made to empty the account.",
                "不付现金、只刷账户，可能以套取账户资金为目的。",
            ),
            "high",
            ("T15", "P07"),
            needs=("settlements.account_paid_amount",),
        ),
        Feature(
            "counter_mutual_aid_share",
            Text("Share of account money that relatives' accounts pay", "家庭共济占账户支付比"),
            "share",
            ratio("mutual_aid_paid_amount", "account_paid_amount"),
            Text("Accounts of whole families are used through one card.", "通过一人集中使用家庭成员账户。"),
            "high",
            ("P07", "P05"),
            missing_means="nothing paid from accounts",
            needs=("settlements.mutual_aid_paid_amount",),
        ),
        Feature(
            "counter_near_cap_share",
            Text("Share of purchases by people at 95 percent of their yearly ceiling", "达封顶线95%购药占比"),
            "share",
            share_known("is_near_cap", "is_near_cap"),
            Text("What is left of the year's benefit is spent before it lapses.", "年度额度在清零前被突击用完。"),
            "high",
            ("P08",),
            missing_means="no ceiling given",
            needs=("settlements.annual_cap_amount", "settlements.annual_paid_to_date_amount"),
        ),
        Feature(
            "counter_proxy_share",
            Text("Share of purchases by a registered proxy", "代办购药占比"),
            "share",
            share_of("is_proxy_purchase"),
            Text(
                "High: proxies help the housebound, and may carry cards for a fee. Low: none is recorded.",
                "偏高可能收卡代购，也可能方便行动不便者；偏低说明几乎无代办登记。",
            ),
            "both",
            ("P06", "R08"),
            needs=("settlements.is_proxy_purchase",),
        ),
    ),
)
TWO_OF_A_KIND = Family(
    "pharmacy_payment",
    "药店支付",
    "provider",
    """
    select subject_key, second_of_day, n_equal, case when total_amount > 0 and total_amount = amount_before then gap end
      as gap
    from (
      select provider_key as subject_key, second_of_day, total_amount,
        case when total_amount > 0
          then count(*) over (partition by provider_key, person_key, day, total_amount) else 0 end as n_equal,
        lag(total_amount) over (partition by provider_key, person_key order by moment, settlement_key) as amount_before,
        moment - lag(moment) over (partition by provider_key, person_key order by moment, settlement_key) as gap
      from counter_sales
    ) s
    """,
    (
        Feature(
            "counter_equal_pair_share",
            Text("Share of purchases that repeat the person's sum within a minute", "一分钟内同额重复结算占比"),
            "share",
            "case when max(second_of_day) > 0 then cast(sum(case when gap <= 60 then 1 else 0 end) as double) "
            "/ count(*) end",
            Text("A larger sum may have been cut in equal parts below a limit.", "可能把大额拆成等额以避开限额。"),
            "high",
            ("P07",),
            missing_means="times carry no hour",
        ),
        Feature(
            "counter_equal_sums_share",
            Text("Share of purchases among three equal ones of a person and day", "同日同额三次以上占比"),
            "share",
            share_of("n_equal >= 3"),
            Text("The same sum several times a day is unlike ordinary purchases.", "同日多次相同金额，不像正常购药。"),
            "high",
            ("P07",),
        ),
    ),
)
SUMS = Family(
    "pharmacy_payment",
    "药店支付",
    "provider",
    "select provider_key as subject_key, total_amount, count(*) as n from counter_sales where total_amount > 0 "
    "group by provider_key, total_amount",
    (
        Feature(
            "counter_common_sum_share",
            Text("Share of purchases with the shop's commonest sum", "最常见金额占比"),
            "share",
            largest_share("n", 20),
            Text(
                "A usual sum, card after card, may be an agreed one.", "不同的卡反复出现同一金额，可能是约定套现数额。"
            ),
            "high",
            ("P07", "T09"),
            missing_means="fewer than twenty purchases",
        ),
    ),
)
GROWTH = Family(
    "pharmacy_payment",
    "药店支付",
    "provider",
    "select provider_key as subject_key, months_back, cast(sum(account_paid_amount) as bigint) as paid "
    "from counter_sales group by provider_key, months_back",
    (
        Feature(
            "counter_account_growth_ratio_1m",
            Text("Account money of this month over that of the month before", "当月账户支付环比"),
            "ratio",
            ratio("case when months_back = 1 then paid else 0 end", "case when months_back = 2 then paid else 0 end"),
            Text(
                "A sudden rise of account payments may mean that word of cash-out has gone round.",
                "账户支付突增，可能与套现消息传开有关。",
            ),
            "high",
            ("P07", "T15"),
            "1m",
            "nothing paid from accounts in the month before",
            ("settlements.account_paid_amount",),
        ),
    ),
)
FAMILIES = (WAYS, TWO_OF_A_KIND, SUMS, GROWTH)
