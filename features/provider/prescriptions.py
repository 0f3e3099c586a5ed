"""Prescriptions issued: where they are filled, when, and by whom they are written."""

from features.declare import Family, Feature
from features.expressions import (
    IS_OF_ONE_SHOP,
    hhi,
    largest_share,
    major_units,
    mean,
    mean_known,
    share_known,
    share_of,
)
from features.vocabulary.text import Text

_NEEDS = ("prescriptions.dispense_settlement_id",)
ISSUED = Family(
    "prescriptions",
    "处方流转",
    "provider",
    "select issuing_provider_key as subject_key, * from fills",
    (
        Feature(
            "issued_after_sale_share",
            Text("Share of issued prescriptions written after the drugs were sold", "售药后补开处方占比"),
            "share",
            share_of("wait_seconds < 0"),
            Text(
                "Prescriptions dated after the sale may cover what a shop has sold.", "处方晚于售药，可能为药店补方。"
            ),
            "high",
            ("T07", "R05"),
        ),
        Feature(
            "issued_filled_in_10_minutes_share",
            Text("Share of issued prescriptions filled within ten minutes", "开方十分钟内配药占比"),
            "share",
            share_of("wait_seconds >= 0 and wait_seconds < 600"),
            Text("Ten minutes are short to reach a shop and be served.", "开方十分钟内即在药店取药，时间过短。"),
            "high",
            ("T07", "R05"),
        ),
        Feature(
            "issued_paper_share",
            Text("Share of issued prescriptions on paper", "开出纸质处方占比"),
            "share",
            share_known("channel", "channel = 'paper'"),
            Text("Paper prescriptions leave no electronic record.", "纸质处方没有电子留痕。"),
            "high",
            ("T05", "T07"),
            missing_means="no channel given",
            needs=("prescriptions.channel",),
        ),
        Feature(
            "issued_far_share",
            Text("Share of issued prescriptions filled more than 20 km away", "20公里外配药占比"),
            "share",
            mean_known("is_far"),
            Text("Prescriptions are filled far away, past nearer shops.", "处方在远处配取，舍近求远。"),
            "high",
            ("R05", "T05"),
            missing_means="places unknown",
            needs=("providers.longitude", "providers.latitude"),
        ),
        Feature(
            "issued_without_visit_share",
            Text("Share of issued prescriptions without a visit of the person that day", "无就诊开方占比"),
            "share",
            mean("1 - has_visit"),
            Text("No visit on the day: the patient may not have been seen.", "开方当日无就诊，可能未见患者。"),
            "high",
            ("T07", "T05"),
        ),
        Feature(
            "issued_burst_share",
            Text(
                "Share of issued prescriptions within a minute of the prescriber's one before",
                "一分钟内连续开方占本机构处方比",
            ),
            "share",
            share_of("since_previous_seconds <= 60"),
            Text("Prescriptions seconds apart may be written from a list.", "密集连续开方，可能照单补方。"),
            "high",
            ("T07",),
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "issued_captive_share",
            Text(
                "Share of issued prescriptions by prescribers who send nine in ten to one shop",
                "医师处方九成投向一店占比",
            ),
            "share",
            share_of(IS_OF_ONE_SHOP),
            Text("Doctors whose prescriptions nearly all go to one shop.", "医师处方几乎都流向同一药店。"),
            "high",
            ("T07", "R05"),
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "issued_fill_mean_amount",
            Text("Mean bill of the shop per issued prescription", "次均外配处方金额"),
            "currency",
            f"{major_units('total_amount')} / count(*)",
            Text("Dear prescriptions leave more to share.", "处方金额越高，可分利益越大。"),
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
            Text("Concentration of issued prescriptions on shops (HHI)", "配药机构集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text("Patients left to choose would spread over shops.", "患者自由选择时，配药药店应较分散。"),
            "high",
            ("R05", "T07"),
        ),
        Feature(
            "issued_top_shop_share",
            Text("Share of issued prescriptions filled at the busiest shop", "首位配药机构占比"),
            "share",
            largest_share("n"),
            Text(
                "Nearly all to one shop, with others about, may be steering.",
                "附近另有药店而处方几乎都去一家，可能被引导。",
            ),
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
            Text("Share of issued prescriptions by the busiest prescriber", "首位医师外配处方占比"),
            "share",
            largest_share("n"),
            Text("One of several doctors writes nearly all outside prescriptions.", "外配处方几乎都由一名医师开出。"),
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
            Text("Issued prescriptions per visit outside stays", "门诊次均外配处方数"),
            "ratio",
            "case when sum(n_fills) > 0 then cast(sum(n_fills) as double) / nullif(sum(n_visits), 0) end",
            Text("More prescriptions than visits explain.", "外配处方多于就诊所需。"),
            "high",
            ("T07", "T11"),
            missing_means="issues none, or has no visits",
        ),
    ),
    needs=_NEEDS,
)
FAMILIES = (ISSUED, SHOPS, HANDS, OUTFLOW)
