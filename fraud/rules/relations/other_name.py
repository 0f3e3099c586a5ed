"""Whether a bill names another item than the catalogue: the sign of a code that stands for something else there.

Two names are of one item where they are equal without what only says more of it: brackets and what follows a comma (a
body part), pharmaceutical forms and strengths, case and spaces. 阿莫西林胶囊 is 阿莫西林; 阿莫西林克拉维酸钾 is not,
though its name holds it. Predicates of rules write `is_other_name(l.item_name, r.item_name)`; an unknown name says
nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.engine import DuckDBEngine

# The longer before the shorter that they hold.
_FORMS = (
    *(
        "注射用",
        "注射液",
        "注射剂",
        "口服常释剂型",
        "口服溶液",
        "口服液",
        "混悬液",
        "滴眼液",
        "软胶囊",
        "胶囊",
        "颗粒剂",
        "颗粒",
    ),
    *(
        "分散片",
        "缓释片",
        "控释片",
        "肠溶片",
        "咀嚼片",
        "片剂",
        "片",
        "乳膏",
        "软膏",
        "凝胶",
        "喷雾剂",
        "气雾剂",
        "吸入剂",
        "糖浆",
    ),
    *("injection", "tablets", "tablet", "capsules", "capsule", "granules", "oral solution", "syrup", "cream"),
)
_STRENGTH = r"[0-9.]+ *(mg|ml|g|iu|%|毫克|毫升|克|万单位|单位)([*x×/:][0-9a-z一-龥]+)*"
_SAYS_MORE = "|".join((r"（[^）]*）", r"\([^)]*\)", "[,，;；].*$", _STRENGTH, *_FORMS, r"\s+"))
_BILLED, _LISTED = (f"regexp_replace(lower({name}), '{_SAYS_MORE}', '', 'g')" for name in ("billed", "listed"))


def create_is_other_name(engine: DuckDBEngine) -> None:
    """Create the function `is_other_name(billed, listed)`, which both SQL of executors and predicates of rules call."""
    # Most names are the catalogue's own, and texts are dear to rewrite.
    different = f"case when billed = listed then false else {_BILLED} <> {_LISTED} end"
    engine.execute(f"create or replace temp macro is_other_name(billed, listed) as {different}")
