"""Amounts: what a person costs, and who bears it."""

from features.declare import Family, Feature

SUMS = Family(
    "amounts",
    "费用",
    "patient",
    "select person_key as subject_key, * from money",
    (
        Feature("billed_amount", "Billed amount", "医疗费总额", "currency", "cast(sum(total_amount) as bigint) / 100.0", "Size in money, refunds netted.", "high"),
        Feature(
            "billed_amount_1m", "Billed amount this month", "当月医疗费总额", "currency",
            "cast(sum(case when w = 1 then total_amount else 0 end) as bigint) / 100.0", "A sudden surge.", "high", ("P08",), "1m",
        ),
        Feature("fund_paid_amount", "Paid by the funds", "基金支付总额", "currency", "cast(sum(fund_paid_amount) as bigint) / 100.0", "The money that can be lost.", "high"),
        Feature(
            "account_paid_share", "Share paid from the personal account", "个人账户支付占比", "share",
            "cast(sum(account_paid_amount) as double) / nullif(sum(total_amount), 0)", "Cash-out of accounts.", "high", ("P07",),
            missing_means="nothing billed", needs=("settlements.account_paid_amount",),
        ),
        Feature(
            "cash_paid_share", "Share paid in cash", "个人现金支付占比", "share",
            "cast(sum(cash_paid_amount) as double) / nullif(sum(total_amount), 0)", "Care that costs nothing is easily lent.", "low", ("P15", "H07"),
            missing_means="nothing billed", needs=("settlements.cash_paid_amount",),
        ),
    ),
)  # fmt: skip
PER_VISIT = Family(
    "amounts",
    "费用",
    "patient",
    "select person_key as subject_key, * from visits",
    (
        Feature(
            "amount_per_settlement_amount", "Billed per settlement", "次均费用", "currency",
            "cast(sum(total_amount) as bigint) / 100.0 / count(*)", "Dear baskets.", "high", ("P02",),
        ),
        Feature("settlement_max_amount", "Largest settlement", "单次费用最大值", "currency", "max(total_amount) / 100.0", "One implausible bill.", "high", ("P10",)),
        Feature(
            "drug_share", "Share of money on drugs", "药品费用占比", "share",
            "cast(sum(drug_amount) as double) / nullif(sum(total_amount), 0)", "Drugs can be resold.", "high", ("P02", "P09"),
            missing_means="nothing billed", needs=("claim_lines",),
        ),
    ),
)  # fmt: skip
FAMILIES = (SUMS, PER_VISIT)
