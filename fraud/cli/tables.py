"""Tables on screens: counts with their thousands, everything else as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

if TYPE_CHECKING:
    from collections.abc import Iterable


def table_of(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    """Make a table of headings and rows."""
    table = Table(*heads)
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    return table
