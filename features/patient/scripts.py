"""Scripts and boxes: who wrote what a person fetches, when, and where its boxes were sold again."""

from features.declare import Family, Feature
from features.expressions import share_of

_NONE = "no script filled"

FILLED = Family(
    "prescriptions",
    "处方",
    "patient",
    "select buyer_key as subject_key, * from fills",
    (
        Feature(
            "scripts_count",
            "Scripts filled",
            "调配处方数",
            "count",
            "count(*)",
            "Second of the eight screens, seen from the person.",
            "high",
            ("T10", "P02"),
            missing_means=_NONE,
        ),
        Feature(
            "script_after_sale_share",
            "Share of scripts written after the sale",
            "先购药后补方占比",
            "share",
            share_of("wait_seconds < 0"),
            "The card's owner never saw the doctor.",
            "high",
            ("T05", "T07", "R01"),
            missing_means=_NONE,
        ),
        Feature(
            "script_without_visit_share",
            "Share of scripts without a visit to the issuer that day",
            "无就诊记录处方占比",
            "share",
            share_of("has_visit = 0"),
            "A script for somebody who was not there.",
            "high",
            ("T05", "R01"),
            missing_means=_NONE,
        ),
        Feature(
            "script_paper_share",
            "Share of scripts on paper",
            "纸质处方占比",
            "share",
            share_of("channel = 'paper'"),
            "Paper is the easiest to forge.",
            "high",
            ("T05",),
            missing_means=_NONE,
            needs=("prescriptions.channel",),
        ),
        Feature(
            "script_for_others_share",
            "Share of scripts that name another person than the card",
            "处方与参保人不符占比",
            "share",
            share_of("buyer_key <> person_key"),
            "One card buys on other people's scripts.",
            "high",
            ("P05", "T05"),
            missing_means=_NONE,
        ),
        Feature(
            "script_far_share",
            "Share of scripts from an issuer more than 20 km from the shop",
            "20公里外开方占比",
            "share",
            "cast(sum(is_far) as double) / nullif(count(is_far), 0)",
            "Nobody carries a script that far past other shops.",
            "high",
            ("T05", "T07"),
            missing_means="no script whose ways are known",
            needs=("providers.longitude", "providers.latitude"),
        ),
        Feature(
            "script_issuers_count",
            "Providers that issued the scripts",
            "处方来源机构数",
            "count",
            "count(distinct issuing_provider_key)",
            "Scripts are gathered wherever they are given.",
            "high",
            ("P04",),
            missing_means=_NONE,
        ),
    ),
    needs=("prescriptions",),
)
BOXES = Family(
    "trace",
    "追溯码",
    "patient",
    """
    select v.person_key as subject_key, case when l.last_time > s.first_time then s.trace_code end as resold_code
    from scans s
    join visits v on v.settlement_key = s.settlement_key
    left join resold_codes l on l.trace_code = s.trace_code
    where s.n_sales > 0
    """,
    (
        Feature(
            "resold_boxes_count",
            "Boxes that another provider sold again",
            "购后再次售出盒数",
            "count",
            "count(distinct resold_code)",
            "What the person was sold came back to a counter.",
            "high",
            ("T02", "R07", "P09"),
            missing_means="no scanned box",
        ),
        Feature(
            "resold_boxes_share",
            "Share of scanned boxes that another provider sold again",
            "购后再次售出盒数占比",
            "share",
            share_of("resold_code is not null"),
            "One box may be a wrong scan, half of them a trade.",
            "high",
            ("T02", "R07"),
            missing_means="no scanned box",
        ),
    ),
    needs=("trace_events",),
)
FAMILIES = (FILLED, BOXES)
