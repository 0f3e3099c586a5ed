"""Whether a bill names another item than the catalogue: the sign of a code that stands for something else there.

One name may say more than the other (a pack size, a body part): two names are of one item where one contains the other,
whatever the case and the spaces. Predicates of rules write `is_other_name(l.item_name, r.item_name)`; an unknown name
says nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from features.engine import DuckDBEngine

_BILLED, _LISTED = (f"lower(replace({name}, ' ', ''))" for name in ("billed", "listed"))


def create_is_other_name(engine: DuckDBEngine) -> None:
    """Create the function `is_other_name(billed, listed)`, which both SQL of executors and predicates of rules call."""
    engine.execute(
        "create or replace temp macro is_other_name(billed, listed) as"
        f" not (contains({_BILLED}, {_LISTED}) or contains({_LISTED}, {_BILLED}))"
    )
