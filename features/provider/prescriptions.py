"""Prescriptions issued: where they are filled, when, and by whom they are written."""

from features.declare import Family, Feature
from features.expressions import hhi, major_units, share_of

_NEEDS = ("prescriptions.dispense_settlement_id",)
ISSUED = Family(
    "prescriptions",
    "处方流转",
    "provider",
    "select issuing_provider_key as subject_key, * from fills",
    (
        Feature(
            "issued_after_sale_share",
            "Share of issued scripts written after the drugs were sold",
            "售药后补开处方占比",
            "share",
            share_of("wait_seconds < 0"),
            "The clinic stamps what the shop has sold.",
            "high",
            ("T07", "R05"),
        ),
        Feature(
            "issued_filled_in_10_minutes_share",
            "Share of issued scripts filled within ten minutes",
            "开方十分钟内配药占比",
            "share",
            share_of("wait_seconds >= 0 and wait_seconds < 600"),
            "Nobody was there to walk to the shop.",
            "high",
            ("T07", "R05"),
        ),
        Feature(
            "issued_paper_share",
            "Share of issued scripts on paper",
            "开出纸质处方占比",
            "share",
            "cast(sum(case when channel = 'paper' then 1 else 0 end) as double) / nullif(count(channel), 0)",
            "Paper leaves no trail.",
            "high",
            ("T05", "T07"),
            missing_means="no channel given",
            needs=("prescriptions.channel",),
        ),
        Feature(
            "issued_far_share",
            "Share of issued scripts filled more than 20 km away",
            "20公里外配药占比",
            "share",
            "cast(sum(is_far) as double) / nullif(count(is_far), 0)",
            "Past all nearer shops to one that pays.",
            "high",
            ("R05", "T05"),
            missing_means="places unknown",
            needs=("providers.longitude", "providers.latitude"),
        ),
        Feature(
            "issued_without_visit_share",
            "Share of issued scripts without a visit of the person that day",
            "无就诊开方占比",
            "share",
            "cast(sum(1 - has_visit) as double) / count(*)",
            "A script without a visit was written without a patient.",
            "high",
            ("T07", "T05"),
        ),
        Feature(
            "issued_burst_share",
            "Share of issued scripts within a minute of the prescriber's one before",
            "一分钟内连续开方占本机构处方比",
            "share",
            "cast(sum(case when since_previous_seconds <= 60 then 1 else 0 end) as double) / count(*)",
            "Copied from a list.",
            "high",
            ("T07",),
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "issued_captive_share",
            "Share of issued scripts by prescribers who send nine in ten to one shop",
            "医师处方九成投向一店占比",
            "share",
            "cast(sum(case when n_of_prescriber >= 5 and n_of_pair * 10 >= n_of_prescriber * 9 then 1 else 0 end) "
            "as double) / count(*)",
            "The patient did not choose the shop.",
            "high",
            ("T07", "R05"),
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "issued_fill_mean_amount",
            "Mean bill of the shop per issued script",
            "次均外配处方金额",
            "currency",
            f"{major_units('total_amount')} / count(*)",
            "Dear scripts are what is shared.",
            "high",
            ("R05", "T06"),
        ),
    ),
    needs=_NEEDS,
)
SHOPS = Family(
    "prescriptions",
    "处方流转",
    "provider",
    "select issuing_provider_key as subject_key, provider_key, count(*) as n from fills "
    "group by issuing_provider_key, provider_key",
    (
        Feature(
            "issued_shops_hhi_ratio",
            "Concentration of issued scripts on shops (HHI)",
            "配药机构集中度（HHI）",
            "ratio",
            hhi("n"),
            "One shop gets them all.",
            "high",
            ("R05", "T07"),
        ),
        Feature(
            "issued_top_shop_share",
            "Share of issued scripts filled at the busiest shop",
            "首位配药机构占比",
            "share",
            "cast(max(n) as double) / sum(n)",
            "Nine in ten to one shop, with others about, is steering.",
            "high",
            ("R05", "T07"),
        ),
    ),
    needs=_NEEDS,
)
HANDS = Family(
    "prescriptions",
    "处方流转",
    "provider",
    "select issuing_provider_key as subject_key, prescriber_key, count(*) as n from fills "
    "where prescriber_key is not null group by issuing_provider_key, prescriber_key",
    (
        Feature(
            "issued_top_prescriber_share",
            "Share of issued scripts by the busiest prescriber",
            "首位医师外配处方占比",
            "share",
            "cast(max(n) as double) / sum(n)",
            "One of many doctors writes for outside.",
            "high",
            ("T07",),
        ),
    ),
    needs=(*_NEEDS, "prescriptions.prescriber_id"),
)
OUTFLOW = Family(
    "prescriptions",
    "处方流转",
    "provider",
    "select subject_key, cast(sum(n_fills) as bigint) as n_fills, cast(sum(n_visits) as bigint) as n_visits from ("
    "select issuing_provider_key as subject_key, 1 as n_fills, 0 as n_visits from fills "
    "union all select provider_key, 0, 1 from visits where not is_inpatient) u group by subject_key",
    (
        Feature(
            "issued_per_visit_ratio",
            "Issued scripts per visit outside stays",
            "门诊次均外配处方数",
            "ratio",
            "case when sum(n_fills) > 0 then cast(sum(n_fills) as double) / nullif(sum(n_visits), 0) end",
            "More scripts than patients.",
            "high",
            ("T07", "T11"),
            missing_means="issues none, or has no visits",
        ),
    ),
    needs=_NEEDS,
)
FAMILIES = (ISSUED, SHOPS, HANDS, OUTFLOW)
