"""Items whose limits say nothing of a month, because every bill of theirs names another thing than the reference.

A code that stands for something else at whoever bills it is left in peace. Where nobody bills the item by its own name,
nobody can tell a clash of code maps from a limit that is broken under another name: that is not checked, and told.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.claims import TABLES
from features.claims.in_force import is_in_force
from fraud.rules.executors.any_family.named_limits import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.claims import ClaimsStore
    from features.engine import DuckDBEngine
    from fraud.rules.declare import Rule

NAMES = ("claim_lines.item_name", "ref_items.item_name")
_LIMITS = tuple(name for names in KINDS.values() for name in names if name in TABLES["ref_items"].by_name)
_ASKS_NAMES = re.compile(r"\bis_other_name\(|\bc\.is_other_code\b")


def other_named_items(store: ClaimsStore, engine: DuckDBEngine, month: str, rules: Iterable[Rule]) -> tuple[str, ...]:
    """Return the items with a limit that rules which leave other names in peace cannot say anything of.

    Parameters
    ----------
    store : ClaimsStore
        The claims.
    engine : DuckDBEngine
        With the base.
    month : str
        The month.
    rules : iterable of Rule
        Those that run.

    Returns
    -------
    tuple of str
        Item codes, sorted: those of which some line of the month has a limit in force, and every such line names
        another item. A line without a name names none.
    """
    asked = {need.removeprefix("ref_items.") for rule in rules if _asks_names(rule) for need in rule.needs}
    limits = [name for name in _LIMITS if name in asked]
    if not limits or not all(store.has(*name.split(".")) for name in NAMES):
        return ()
    is_limited = " or ".join(f"not r.{name}" if name.startswith("is_") else f"r.{name} is not null" for name in limits)
    found = engine.rows(f"""
        select c.item_code from (
          select b.item_key from (
            select distinct item_key, item_name, fee_date from rule_lines where month = '{month}'
          ) b
          join rule_items r on r.item_key = b.item_key and {is_in_force("r", "b.fee_date")}
          where {is_limited}
          group by b.item_key having bool_and(coalesce(is_other_name(b.item_name, r.item_name), false))
        ) i
        join codes_item c on c.item_key = i.item_key
        order by c.item_code
    """)
    return tuple(str(code) for (code,) in found)


def _asks_names(rule: Rule) -> bool:
    return any(_ASKS_NAMES.search(exemption.sql or "") for exemption in rule.exemptions)
