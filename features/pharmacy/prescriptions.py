"""Prescriptions filled: who writes for the shop, when, on what, and whether the script is one."""

from features.declare import Family, Feature
from features.expressions import hhi, major_units, share_of

SCRIPTS = Family(
    "pharmacy_prescriptions",
    "药店处方",
    "provider",
    # A script holds for three days: what was sold so early in the window may rest on one from before it.
    """
    select c.provider_key as subject_key, c.n_script_items,
      case when c.day_number >= k.first_day + 3 then c.n_script_items end as n_checked,
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
            "filled_script_share",
            "Share of purchases on a prescription",
            "凭处方购药占比",
            "share",
            share_of("n_script_items > 0"),
            "Nearly none hides prescription drugs; nearly all needs a tame prescriber.",
            "both",
            ("T05", "T07"),
            needs=("claim_lines.prescription_id",),
        ),
        Feature(
            "filled_unknown_script_share",
            "Share of scripts on bills that no issuer reports",
            "无开方记录处方占比",
            "share",
            "cast(sum(n_unknown) as double) / nullif(sum(n_checked), 0)",
            "The number on the bill belongs to no prescription.",
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
            "Share of fills sold before the script was written",
            "先售药后开方占比",
            "share",
            share_of("wait_seconds < 0"),
            "Scripts are written to cover the day's sales.",
            "high",
            ("T07",),
        ),
        Feature(
            "filled_wait_median_hours",
            "Median hours from script to fill",
            "开方至配药中位小时",
            "hours",
            "{wait_median} / 3600",
            "Real people need time to walk; back-filled scripts need none.",
            "low",
            ("T07", "T05"),
        ),
        Feature(
            "filled_stale_share",
            "Share of fills more than three days after issue",
            "开方三日后配药占比",
            "share",
            share_of("wait_seconds > 3 * 86400"),
            "A script holds for three days; older ones come from a drawer.",
            "high",
            ("T05",),
        ),
        Feature(
            "filled_paper_share",
            "Share of fills on paper scripts",
            "纸质处方占比",
            "share",
            "cast(sum(case when channel = 'paper' then 1 else 0 end) as double) / nullif(count(channel), 0)",
            "Paper is forged where systems cannot be.",
            "high",
            ("T05", "T07"),
            missing_means="no channel given",
            needs=("prescriptions.channel",),
        ),
        Feature(
            "filled_far_issuer_share",
            "Share of fills whose issuer is more than 20 km away",
            "20公里外开方占比",
            "share",
            "cast(sum(is_far) as double) / nullif(count(is_far), 0)",
            "Nobody travels past other shops with a script.",
            "high",
            ("T05", "R05"),
            missing_means="places unknown",
            needs=("providers.longitude", "providers.latitude"),
        ),
        Feature(
            "filled_without_visit_share",
            "Share of fills whose issuer billed no visit of the person that day",
            "开方当日无就诊占比",
            "share",
            "cast(sum(1 - has_visit) as double) / count(*)",
            "Who was not there got no script there.",
            "high",
            ("T05", "T07"),
        ),
        Feature(
            "filled_other_person_share",
            "Share of fills billed to another person than the script names",
            "处方与结算人员不符占比",
            "share",
            share_of("person_key <> buyer_key"),
            "Scripts of one are sold on the card of another.",
            "high",
            ("P05", "T05"),
        ),
        Feature(
            "filled_burst_share",
            "Share of fills whose script followed another of its prescriber within a minute",
            "一分钟内连续开方占比",
            "share",
            "cast(sum(case when since_previous_seconds <= 60 then 1 else 0 end) as double) / count(*)",
            "A list of sales is turned into scripts in one sitting.",
            "high",
            ("T07",),
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "filled_captive_share",
            "Share of fills by prescribers who send nine in ten scripts here",
            "九成处方投向本店医师占比",
            "share",
            "cast(sum(case when n_of_prescriber >= 5 and n_of_pair * 10 >= n_of_prescriber * 9 then 1 else 0 end) "
            "as double) / count(*)",
            "Such prescribers write for the shop.",
            "high",
            ("T07", "R05"),
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "filled_per_person_ratio",
            "Scripts filled per person",
            "人均处方数",
            "ratio",
            "cast(count(*) as double) / count(distinct buyer_key)",
            "Second of the eight screens of the American inspector.",
            "high",
            ("T10",),
        ),
        Feature(
            "filled_amount_per_prescriber_amount",
            "Money on scripts per prescriber",
            "医师均处方金额",
            "currency",
            f"{major_units('case when prescriber_key is not null then total_amount end')} "
            "/ nullif(count(distinct prescriber_key), 0)",
            "Third of the eight screens: few prescribers, much money.",
            "high",
            ("T10", "T07"),
            missing_means="no prescriber named",
            needs=("prescriptions.prescriber_id",),
        ),
        Feature(
            "filled_per_prescriber_ratio",
            "Scripts filled per prescriber",
            "医师均处方数",
            "ratio",
            "cast(count(prescriber_key) as double) / nullif(count(distinct prescriber_key), 0)",
            "Fourth of the eight screens: a rubber stamp is used often.",
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
            "Concentration of filled scripts on issuers (HHI)",
            "开方机构集中度（HHI）",
            "ratio",
            hhi("n"),
            "A shop with one source of scripts shares its profit.",
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
            "Share of filled scripts by the busiest prescriber",
            "首位开方医师占比",
            "share",
            "cast(max(n) as double) / sum(n)",
            "Nine in ten scripts of a shop from one hand are no accident.",
            "high",
            ("T05", "T07"),
        ),
        Feature(
            "filled_no_authority_share",
            "Share of filled scripts by people the register does not let prescribe",
            "无处方权人员开方占比",
            "share",
            "cast(sum(has_no_authority * n) as double) / sum(n)",
            "Such a script is void.",
            "high",
            ("T12", "T05"),
            needs=("practitioners",),
        ),
    ),
    needs=("prescriptions.dispense_settlement_id", "prescriptions.prescriber_id"),
)
FAMILIES = (SCRIPTS, FILLS, ISSUERS, PRESCRIBERS)
