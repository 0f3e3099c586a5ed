"""When two rows have one key, and when one content: SQL for all that compares them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import NULLABLE_KEYS

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.contract import Table


def equal(left: str, right: str, columns: Collection[str]) -> str:
    """Return the predicate that two rows agree in every column; unknown equals unknown.

    Examples
    --------
    >>> equal("a", "b", ["gender"]), equal("a", "b", [])
    ('(a.gender is not distinct from b.gender)', 'true')
    """
    same = [f"{left}.{column} is not distinct from {right}.{column}" for column in columns]
    return f"({' and '.join(same)})" if same else "true"


def same_key(left: str, right: str, table: Table) -> str:
    """Return the predicate that two rows of a table have the same key."""
    parts = []
    for column, stored in zip(table.key, table.stored_key, strict=True):
        compare = "is not distinct from" if (table.name, column) in NULLABLE_KEYS else "="
        parts.append(f"{left}.{stored} {compare} {right}.{stored}")
    return " and ".join(parts)
