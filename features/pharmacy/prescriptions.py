"""Prescriptions filled: issuers and prescribers, time from issue to fill, and whether they are valid."""

from features.declare import Family, Feature, Quantile
from features.expressions import (
    IS_OF_ONE_SHOP,
    hhi,
    largest_share,
    major_units,
    mean,
    mean_known,
    ratio,
    share_known,
    share_of,
)
from features.vocabulary.text import Text

SCRIPTS = Family(
    "pharmacy_prescriptions",
    "药店处方",
    "provider",
    # A prescription holds for three days: what was sold so early in the window may rest on one from before it.
    """
    select c.provider_key as subject_key, c.n_prescription_items,
      case when c.day_number >= k.first_day + 3 then c.n_prescription_items end as n_checked,
      case when c.day_number >= k.first_day + 3 then coalesce(u.n_unknown, 0) end as n_unknown
    from counter_sales c
    left join (
      select l.settlement_key, count(*) as n_unknown from drug_lines l
      left join prescription_facts p on p.prescription_key = l.prescription_key
      where l.is_pharmacy and l.prescription_key is not null and p.prescription_key is null group by l.settlement_key
    ) u on u.settlement_key = c.settlement_key
    cross join (select min(day_number) as first_day from counter_sales) k
    """,
    (
        Feature(
            "filled_prescription_share",
            Text("Share of purchases on a prescription", "凭处方购药占比"),
            "share",
            share_of("n_prescription_items > 0"),
            Text(
                "Low: prescription drugs may go out without one. High: a prescriber may be too close to the shop.",
                "偏低可能无方售处方药，偏高可能有医师配合开方。",
            ),
            "both",
            ("T05", "T07"),
            needs=("claim_lines.prescription_id",),
        ),
        Feature(
            "filled_unknown_prescription_share",
            Text("Share of prescriptions on bills that no issuer reports", "无开方记录处方占比"),
            "share",
            ratio("n_unknown", "n_checked"),
            Text("The number on the bill matches no known prescription.", "结算所载处方号查无对应处方。"),
            "high",
            ("T05",),
            missing_means="no prescription on bills from the fourth day of the window on",
            needs=("claim_lines.prescription_id", "prescriptions"),
        ),
    ),
)
_FILLS = "select provider_key as subject_key, * from fills where is_pharmacy"
FILLS = Family(
    "pharmacy_prescriptions",
    "药店处方",
    "provider",
    _FILLS,
    (
        Feature(
            "filled_before_issue_share",
            Text("Share of fills sold before the prescription was written", "先售药后开方占比"),
            "share",
            share_of("wait_seconds < 0"),
            Text(
                "Prescriptions dated after the sale may have been written to cover it.",
                "处方晚于售药，可能是事后补方。",
            ),
            "high",
            ("T07",),
        ),
        Feature(
            "filled_wait_median_hours",
            Text("Median time from prescription to fill", "开方至配药间隔中位数"),
            "hours",
            (Quantile("wait_seconds", 0.5), " / 3600"),
            Text(
                "Real people need time to reach the shop; back-filled prescriptions need none.",
                "患者到店需要时间，补开的处方则几乎没有间隔。",
            ),
            "low",
            ("T07", "T05"),
        ),
        Feature(
            "filled_stale_share",
            Text("Share of fills more than three days after issue", "开方三日后配药占比"),
            "share",
            share_of("wait_seconds > 3 * 86400"),
            Text(
                "Prescriptions hold for three days; older ones may come from a stock kept for use.",
                "处方一般三日有效，过期处方可能是预先囤存。",
            ),
            "high",
            ("T05",),
        ),
        Feature(
            "filled_paper_share",
            Text("Share of fills on paper prescriptions", "纸质处方占比"),
            "share",
            share_known("channel", "channel = 'paper'"),
            Text("Paper can be forged where the electronic path cannot.", "纸质处方可绕开电子流转，易于伪造。"),
            "high",
            ("T05", "T07"),
            missing_means="no channel given",
            needs=("prescriptions.channel",),
        ),
        Feature(
            "filled_far_issuer_share",
            Text("Share of fills whose issuer is more than 20 km away", "20公里外开方占比"),
            "share",
            mean_known("is_far"),
            Text("Patients seldom carry a prescription past so many other shops.", "患者很少舍近求远到远处药店配方。"),
            "high",
            ("T05", "R05"),
            missing_means="places unknown",
            needs=("providers.longitude", "providers.latitude"),
        ),
        Feature(
            "filled_without_visit_share",
            Text("Share of fills whose issuer billed no visit of the person that day", "开方当日无就诊占比"),
            "share",
            mean("1 - has_visit"),
            Text(
                "No visit on the day of issue: the patient may never have been seen.",
                "开方当日无就诊记录，可能未见患者即开方。",
            ),
            "high",
            ("T05", "T07"),
        ),
        Feature(
            "filled_other_person_share",
            Text("Share of fills billed to another person than the prescription names", "处方与结算人员不符占比"),
            "share",
            share_of("person_key <> buyer_key"),
            Text("A prescription of one person is settled on another's card.", "处方患者与结算持卡人不是同一人。"),
            "high",
            ("P05", "T05"),
        ),
        Feature(
            "filled_burst_share",
            Text(
                "Share of fills whose prescription followed another of its prescriber within a minute",
                "一分钟内连续开方占比",
            ),
            "share",
            share_of("since_previous_seconds <= 60"),
            Text(
                "Prescriptions seconds apart may be written from a list of sales.",
                "密集连续开方，可能是照销售清单补方。",
            ),
            "high",
            ("T07",),
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "filled_captive_share",
            Text("Share of fills by prescribers who send nine in ten prescriptions here", "九成处方投向本店医师占比"),
            "share",
            share_of(IS_OF_ONE_SHOP),
            Text(
                "Prescribers whose prescriptions nearly all end here may write for the shop.",
                "处方几乎都流向本店的医师，可能专为本店开方。",
            ),
            "high",
            ("T07", "R05"),
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "filled_per_person_ratio",
            Text("Prescriptions filled per person", "人均处方数"),
            "ratio",
            "cast(count(*) as double) / count(distinct buyer_key)",
            Text(
                "Second of the eight screens of the American inspector general: many prescriptions each.",
                "美国监察长办公室药店八项筛查之二：人均处方数。",
            ),
            "high",
            ("T10",),
        ),
        Feature(
            "filled_amount_per_prescriber_amount",
            Text("Money on prescriptions per prescriber", "医师均处方金额"),
            "currency",
            f"{major_units('case when prescriber_key is not null then total_amount end')} "
            "/ nullif(count(distinct prescriber_key), 0)",
            Text("Third of the eight screens: much money for each prescriber.", "八项筛查之三：每名医师处方金额偏高。"),
            "high",
            ("T10", "T07"),
            missing_means="no prescriber named",
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "filled_per_prescriber_ratio",
            Text("Prescriptions filled per prescriber", "医师均处方数"),
            "ratio",
            "cast(count(prescriber_key) as double) / nullif(count(distinct prescriber_key), 0)",
            Text(
                "Fourth of the eight screens: many prescriptions for each prescriber.",
                "八项筛查之四：每名医师处方数偏多。",
            ),
            "high",
            ("T10", "T07"),
            missing_means="no prescriber named",
            needs=("prescriptions.prescriber_id",),
        ),
    ),
    needs=("prescriptions.dispense_settlement_id",),
)
ISSUERS = Family(
    "pharmacy_prescriptions",
    "药店处方",
    "provider",
    "select provider_key as subject_key, issuing_provider_key, count(*) as n from fills where is_pharmacy "
    "group by provider_key, issuing_provider_key",
    (
        Feature(
            "filled_issuers_hhi_ratio",
            Text("Concentration of filled prescriptions on issuers (HHI)", "开方机构集中度（HHI）"),
            "ratio",
            hhi("n"),
            Text(
                "A shop with a single source of prescriptions may have an arrangement with it.",
                "处方来源单一，可能与开方机构有利益约定。",
            ),
            "high",
            ("R05", "T07"),
        ),
    ),
    needs=("prescriptions.dispense_settlement_id",),
)
PRESCRIBERS = Family(
    "pharmacy_prescriptions",
    "药店处方",
    "provider",
    "select f.provider_key as subject_key, f.prescriber_key, count(*) as n, max(case when p.practitioner_key is null "
    "or not coalesce(p.can_prescribe, true) then 1 else 0 end) as has_no_authority from fills f "
    "left join practitioners p on p.practitioner_key = f.prescriber_key "
    "where f.is_pharmacy and f.prescriber_key is not null group by f.provider_key, f.prescriber_key",
    (
        Feature(
            "filled_top_prescriber_share",
            Text("Share of filled prescriptions by the busiest prescriber", "首位开方医师占比"),
            "share",
            largest_share("n"),
            Text(
                "Most prescriptions from one hand; a clinic next door explains it too.",
                "处方多出自一名医师；毗邻诊所也会如此。",
            ),
            "high",
            ("T05", "T07"),
        ),
        Feature(
            "filled_no_authority_share",
            Text("Share of filled prescriptions by people the register does not let prescribe", "无处方权人员开方占比"),
            "share",
            "cast(sum(has_no_authority * n) as double) / sum(n)",
            Text("Such a prescription is not valid.", "无处方权人员开具的处方无效。"),
            "high",
            ("T12", "T05"),
            needs=("practitioners",),
        ),
    ),
    needs=("prescriptions.dispense_settlement_id", "prescriptions.prescriber_id"),
)
FAMILIES = (SCRIPTS, FILLS, ISSUERS, PRESCRIBERS)
