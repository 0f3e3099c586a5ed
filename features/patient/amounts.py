"""Amounts: what a person costs, and who pays it."""

from dataclasses import replace

from features.declare import Family, Feature
from features.distribution import largest_visit
from features.expressions import major_units, ratio
from features.vocabulary.text import Text

SUMS = Family(
    "amounts",
    "费用",
    "patient",
    "select person_key as subject_key, * from money",
    (
        Feature(
            "billed_amount",
            Text("Billed amount", "医疗费总额"),
            "currency",
            major_units("total_amount"),
            Text("Size in money, refunds netted.", "费用规模，已冲减退费，是其他比率的基数。"),
            "high",
        ),
        Feature(
            "billed_amount_1m",
            Text("Billed amount this month", "当月医疗费总额"),
            "currency",
            major_units("case when months_back = 1 then total_amount else 0 end"),
            Text(
                "A sudden surge may mean that the card has come into other hands.",
                "费用突然上升，可能与医保卡被他人使用有关。",
            ),
            "high",
            ("P08",),
            "1m",
        ),
        Feature(
            "fund_paid_amount",
            Text("Paid by the funds", "基金支付总额"),
            "currency",
            major_units("fund_paid_amount"),
            Text("The fund's money that is at stake.", "涉及的基金金额大小。"),
            "high",
        ),
        Feature(
            "account_paid_share",
            Text("Share paid from the personal account", "个人账户支付占比"),
            "share",
            ratio("account_paid_amount", "total_amount"),
            Text("Accounts are what is turned into cash or goods at a counter.", "个人账户是套现、换购的常见对象。"),
            "high",
            ("P07",),
            missing_means="nothing billed",
            needs=("settlements.account_paid_amount",),
        ),
        Feature(
            "cash_paid_share",
            Text("Share paid in cash", "个人现金支付占比"),
            "share",
            ratio("cash_paid_amount", "total_amount"),
            Text(
                "Care that costs the patient nothing is more easily taken for somebody else.",
                "个人几乎不付钱时，更容易替他人就医配药。",
            ),
            "low",
            ("P15", "H07"),
            missing_means="nothing billed",
            needs=("settlements.cash_paid_amount",),
        ),
    ),
)
PER_VISIT = Family(
    "amounts",
    "费用",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "amount_per_settlement_amount",
            Text("Billed per settlement", "次均费用"),
            "currency",
            f"{major_units('total_amount')} / count(*)",
            Text(
                "Every visit ends with a dear basket; serious illness explains it too.",
                "单次费用持续偏高；重病也可造成，需结合病情。",
            ),
            "high",
            ("P02",),
        ),
        replace(largest_visit(), schemes=("P10",)),
        Feature(
            "drug_share",
            Text("Share of money on drugs", "药品费用占比"),
            "share",
            ratio("drug_amount", "total_amount"),
            Text("Drugs can be sold on; services cannot.", "药品可以转卖，诊疗服务不能。"),
            "high",
            ("P02", "P09"),
            missing_means="nothing billed",
            needs=("claim_lines",),
        ),
    ),
)
FAMILIES = (SUMS, PER_VISIT)
