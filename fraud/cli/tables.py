"""Tables on screens: counts with their thousands, words in the language of the program, everything else as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table

from fraud.cli.chinese import told

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def table_of(heads: Collection[str], rows: Iterable[Iterable[Any]], words: Collection[str] = ()) -> Table:
    """Make a table of headings and rows; `words` are the headings whose cells are words of ours, no names or codes."""
    table = Table(*heads)
    for row in rows:
        table.add_row(*(_shown(cell, is_word=name in words) for name, cell in zip(heads, row, strict=True)))
    return table


def _shown(cell: Any, *, is_word: bool) -> str:
    text = f"{cell:,}" if isinstance(cell, int) else str(cell)
    return told(text) if is_word else text
