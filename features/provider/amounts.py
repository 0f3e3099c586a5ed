"""Amounts: what a visit, a patient and a day cost, how they spread, and who bears them."""

from features.declare import Family, Feature

_FEW = "fewer than five settlements"

SUMS = Family(
    "amounts",
    "费用",
    "provider",
    "select provider_key as subject_key, * from money",
    (
        Feature(
            "billed_amount", "Billed amount", "医疗费总额", "currency", "cast(sum(total_amount) as bigint) / 100.0",
            "Size in money, refunds netted.", "high",
        ),
        Feature(
            "billed_amount_1m", "Billed amount this month", "当月医疗费总额", "currency",
            "cast(sum(case when w = 1 then total_amount else 0 end) as bigint) / 100.0",
            "A surge shows in the last month first.", "high", ("P07", "H33"), "1m",
        ),
        Feature(
            "billed_amount_3m", "Billed amount in three months", "近3月医疗费总额", "currency",
            "cast(sum(case when w <= 3 then total_amount else 0 end) as bigint) / 100.0",
            "Smoother than a month, quicker than the window.", "high", ("P07", "H33"), "3m",
        ),
        Feature(
            "fund_paid_amount", "Paid by the funds", "基金支付总额", "currency",
            "cast(sum(fund_paid_amount) as bigint) / 100.0", "The money that can be lost.", "high",
        ),
        Feature(
            "fund_paid_share", "Share paid by the funds", "基金支付占比", "share",
            "cast(sum(fund_paid_amount) as double) / nullif(sum(total_amount), 0)",
            "Waived deductibles and items shifted into scope raise it.", "high", ("H07", "H14"),
            missing_means="nothing billed",
        ),
        Feature(
            "cash_paid_share", "Share paid in cash", "个人现金支付占比", "share",
            "cast(sum(cash_paid_amount) as double) / nullif(sum(total_amount), 0)",
            "Patients who pay nothing have no reason to refuse a stay.", "low", ("H07", "P15"),
            missing_means="nothing billed", needs=("settlements.cash_paid_amount",),
        ),
        Feature(
            "account_paid_share", "Share paid from personal accounts", "个人账户支付占比", "share",
            "cast(sum(account_paid_amount) as double) / nullif(sum(total_amount), 0)",
            "Accounts are what is cashed out over a counter.", "high", ("P07", "T08"),
            missing_means="nothing billed", needs=("settlements.account_paid_amount",),
        ),
        Feature(
            "deductible_per_stay_amount", "Deductible collected per stay", "次均起付线", "currency",
            "cast(sum(case when is_inpatient then deductible_amount else 0 end) as bigint) / 100.0 "
            "/ nullif(sum(case when is_inpatient and not is_reversal then 1 else 0 end), 0)",
            "A waived deductible is an inducement.", "low", ("H07",),
            missing_means="no inpatient stay", needs=("settlements.deductible_amount",),
        ),
        Feature(
            "refund_share", "Share of settlements reversed", "退费结算占比", "share",
            "cast(sum(case when is_reversal then 1 else 0 end) as double) / count(*)",
            "Billing and reversing tests what the payer lets pass.", "high", ("T01",),
            needs=("settlements.is_reversal",),
        ),
    ),
)  # fmt: skip
PER_VISIT = Family(
    "amounts",
    "费用",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature(
            "amount_per_settlement_amount", "Billed per settlement", "次均费用", "currency",
            "cast(sum(total_amount) as bigint) / 100.0 / count(*)",
            "Dearer visits than those of like providers need a dearer case-mix.", "high", ("H17", "H09"),
        ),
        Feature(
            "settlement_median_amount", "Median settlement", "单次费用中位数", "currency",
            "case when count(*) >= 5 then {median} / 100.0 end", "The ordinary bill, unmoved by a few large ones.",
            "both", ("H17",), missing_means=_FEW,
        ),
        Feature(
            "settlement_p90_amount", "90th percentile of settlements", "单次费用第90百分位", "currency",
            "case when count(*) >= 5 then {p90} / 100.0 end", "The dear end of the bill.", "high", ("H17", "H21"),
            missing_means=_FEW,
        ),
        Feature(
            "settlement_max_amount", "Largest settlement", "单次费用最大值", "currency", "max(total_amount) / 100.0",
            "One implausible bill can be the finding.", "high", ("H17",),
        ),
        Feature(
            "settlement_spread_ratio", "Spread of settlements (sd / mean)", "单次费用变异系数", "ratio",
            "case when count(*) >= 5 and sum(total_amount) > 0 then sqrt(greatest("
            "cast(sum(cast(total_amount as hugeint) * total_amount) as double) / count(*) "
            "- (cast(sum(total_amount) as double) / count(*)) * (cast(sum(total_amount) as double) / count(*)), 0)) "
            "/ (cast(sum(total_amount) as double) / count(*)) end",
            "Cloned bills spread little; padded ones much.", "both", ("H30",), missing_means=_FEW,
        ),
        Feature(
            "round_amount_share", "Share of round amounts", "整数金额占比", "share",
            "cast(sum(case when total_amount > 0 and total_amount % 1000 = 0 then 1 else 0 end) as double) / count(*)",
            "Care is seldom billed in tens; cash-out is.", "high", ("P07",),
        ),
        Feature(
            "amount_per_care_day_amount", "Billed per day of care", "日均费用", "currency",
            "cast(sum(total_amount) as bigint) / 100.0 / nullif(sum(care_days), 0)",
            "Stays cut short keep the money and lose the days.", "both", ("H25", "H17"),
        ),
    ),
)  # fmt: skip
PER_PATIENT = Family(
    "intensity",
    "单人强度",
    "provider",
    "select provider_key as subject_key, * from provider_people",
    (
        Feature(
            "amount_per_patient_amount", "Billed per patient", "人均费用", "currency",
            "cast(sum(total_amount) as bigint) / 100.0 / count(*)", "Much money on each patient.", "high", ("H17", "T10"),
        ),
        Feature(
            "settlements_per_patient_ratio", "Settlements per patient", "人均结算次数", "ratio",
            "cast(sum(n_visits) as double) / count(*)", "Patients who return unusually often.", "high", ("H04", "T10", "R03"),
        ),
        Feature(
            "settlements_per_patient_max_count", "Most settlements of one patient", "单人最多结算次数", "count",
            "max(n_visits)", "A card that is used like a tool.", "high", ("P05", "P06"),
        ),
        Feature(
            "same_day_repeat_share", "Share of visits on a day with another of the patient", "同日重复就诊占比", "share",
            "cast(sum(n_visits - n_days) as double) / sum(n_visits)",
            "Split bills fall on one day.", "high", ("H34", "P07", "H08"),
        ),
    ),
)  # fmt: skip
FAMILIES = (SUMS, PER_VISIT, PER_PATIENT)
