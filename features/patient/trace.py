"""Trace codes: boxes sold to a person that another provider sold again."""

from features.declare import Family, Feature
from features.expressions import share_of
from features.vocabulary.text import Text

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
            Text("Boxes that another provider sold again", "购后再次售出盒数"),
            "count",
            "count(distinct resold_code)",
            Text(
                "Boxes sold to this person were scanned in another sale afterwards.",
                "售给本人的药盒之后又在别处再次售出。",
            ),
            "high",
            ("T02", "R07", "P09"),
            missing_means="no scanned box",
        ),
        Feature(
            "resold_boxes_share",
            Text("Share of scanned boxes that another provider sold again", "购后再次售出盒数占比"),
            "share",
            share_of("resold_code is not null"),
            Text(
                "One box may be a wrong scan; many suggest that boxes are sold on.",
                "个别可能是误扫，占比高则可能存在药品回流。",
            ),
            "high",
            ("T02", "R07"),
            missing_means="no scanned box",
        ),
    ),
    needs=("trace_events",),
)
FAMILIES = (BOXES,)
