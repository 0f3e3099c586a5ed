"""Volume: how much care is billed, and whether it grows faster than care can."""

from features.declare import Family, Feature

# Both entities carry these under the same names: models and exports size every subject by them.
VOLUME = Family(
    "volume",
    "业务量",
    "provider",
    "select provider_key as subject_key, * from visits",
    (
        Feature("settlements_count", "Settlements", "结算人次", "count", "count(*)", "Size, the base of every rate.", "high"),
        Feature(
            "settlements_count_1m", "Settlements this month", "当月结算人次", "count",
            "sum(case when w = 1 then 1 else 0 end)", "A sudden surge shows in the last month first.", "high",
            ("T15", "H33"), "1m",
        ),
        Feature(
            "settlements_count_3m", "Settlements in three months", "近3月结算人次", "count",
            "sum(case when w <= 3 then 1 else 0 end)", "Smoother than a month, quicker than the window.", "high",
            ("T15", "H33"), "3m",
        ),
        Feature(
            "patients_count", "Patients", "服务人数", "count", "count(distinct person_key)",
            "Few patients with many settlements is a pattern of its own.", "high",
        ),
        Feature(
            "patients_count_1m", "Patients this month", "当月服务人数", "count",
            "count(distinct case when w = 1 then person_key end)", "Recruited patients arrive together.", "high",
            ("H01", "H07"), "1m",
        ),
        Feature(
            "inpatient_stays_count", "Inpatient stays", "住院人次", "count",
            "sum(case when is_inpatient then 1 else 0 end)", "Where most of the money is.", "high", ("H01", "H03"),
        ),
        Feature(
            "claim_lines_count", "Claim lines", "明细条数", "count", "sum(n_lines)", "Lines are what is billed.", "high",
            needs=("claim_lines",),
        ),
        Feature(
            "active_days_count", "Days with settlements", "有结算天数", "count", "count(distinct day)",
            "Volume pressed into few days is unlike ordinary care.", "both", ("H29",),
        ),
        Feature(
            "growth_rate_1m", "This month against the window's mean", "当月较窗口月均增幅", "ratio",
            "case when max(w) >= 3 then sum(case when w = 1 then 1 else 0 end) * cast(max(w) as double) / count(*) end",
            "Cash-out and year-end pushes raise one month far above the rest.", "high", ("P07", "H33"), "1m",
            "fewer than three months with settlements",
        ),
    ),
)  # fmt: skip
FAMILIES = (VOLUME,)
