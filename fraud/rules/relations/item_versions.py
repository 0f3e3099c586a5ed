"""The reference items as executors join them: every column, in the version of the day of service, as alias `r`."""

from __future__ import annotations

from features.claims import TABLES
from features.claims.in_force import in_force, is_in_force
from fraud.rules.declare.predicates import parse_predicate

REFERENCE_COLUMNS = tuple(name for name, _ in TABLES["ref_items"].stored)
# Ten million units on one line: beyond it sums could leave 64 bits, and no limit needs to know more.
LARGEST_QUANTITY = 10_000_000 * 10_000
# Ten years: no supply needs to know more.
LARGEST_DAYS = 3_660


def item_versions(condition: str = "1 = 1") -> str:
    """Return SQL with one row per version of a reference item: all its columns, `from_date`, `to_date`, `next_date`.

    Parameters
    ----------
    condition : str
        Over columns without alias: which versions are wanted.
    """
    columns = ", ".join(name for name in REFERENCE_COLUMNS if name != "item_key")
    return in_force("ref_items", "item_key", columns, condition)


def drug_versions(condition: str = "1 = 1") -> str:
    """Return SQL of `item_versions` with a number for the drug, `drug`: the active substance, else the item."""
    return f"""
          select *, case when generic_code is null then -1 - item_key
                    else dense_rank() over (order by generic_code) end as drug
          from ({item_versions(condition)}) v"""


def with_version(version: str = "r", line: str = "l") -> str:
    """Return the join of lines with the version of their item that is in force on the day; null where none is.

    Examples
    --------
    >>> with_version()[:56]
    'left join rule_items r on r.item_key = l.item_key and l.'
    """
    in_force_then = is_in_force(version, f"{line}.fee_date")
    return f"left join rule_items {version} on {version}.item_key = {line}.item_key and {in_force_then}"


def billed_items(condition: str) -> str:
    """Return SQL of the versions of items which the window bills that meet a condition over `r`."""
    return f"select r.item_key from rule_items r where {condition}"


def check_items(argument: str, predicate: str) -> str:
    """Return a predicate over `r`, a reference item, as SQL.

    Raises
    ------
    ValueError
        It is no predicate over `r`.

    Examples
    --------
    >>> check_items("items", "r.is_hourly and r.max_daily_quantity > 0")
    'r.is_hourly and r.max_daily_quantity > 0'
    """
    try:
        return parse_predicate(predicate, {"r": REFERENCE_COLUMNS}).sql
    except ValueError as error:
        raise ValueError(f"{argument}: {error}") from error
