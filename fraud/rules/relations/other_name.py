"""Whether a bill names another item than the catalogue: the sign of a code that stands for something else there.

Two names are of one item where they are equal without what stands in brackets (a body part, a pack size), whatever the
case and the spaces: 阿莫西林克拉维酸钾 is no 阿莫西林, though its name holds it. Predicates of rules write
`is_other_name(l.item_name, r.item_name)`; an unknown name says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.engine import DuckDBEngine

_LEFT_OUT = r"\s+|（[^）]*）|\([^)]*\)"
_BILLED, _LISTED = (f"lower(regexp_replace({name}, '{_LEFT_OUT}', '', 'g'))" for name in ("billed", "listed"))


def create_is_other_name(engine: DuckDBEngine) -> None:
    """Create the function `is_other_name(billed, listed)`, which both SQL of executors and predicates of rules call."""
    # Most names are the catalogue's own, and texts are dear to rewrite.
    different = f"case when billed = listed then false else {_BILLED} <> {_LISTED} end"
    engine.execute(f"create or replace temp macro is_other_name(billed, listed) as {different}")
