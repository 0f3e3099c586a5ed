"""The table of a returned file as its reader found it: where it begins, its rows, and cells that stand outside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fraud.cases.summary_columns import column_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import date

# What a row of decisions needs; a row that names two of them is the heading.
NEEDED = ("subject_type", "subject_id", "decision", "decided_date")
# A heading below so many rows of titles is none.
MOST_TITLE_ROWS = 20


@dataclass(frozen=True)
class FoundTable:
    """The table of a returned file.

    Parameters
    ----------
    header : sequence of str
        Its headings.
    rows : iterable of (str, sequence)
        Where each row stands, and its cells.
    cell_of : callable
        Names a cell by the place of its row and its number from 1, as people who see the file would.
    above : tuple of str
        Cells above the heading that hold something, such as a title.
    epoch : date or None
        The day 0 of serial dates; None where a number says nothing of a date.
    most_cells : int or None
        Cells of a row beyond which the others may have moved, though the further ones are empty; None where a cell
        has its own place.
    """

    header: Sequence[str]
    rows: Iterable[tuple[str, Sequence[Any]]]
    cell_of: Callable[[str, int], str]
    above: tuple[str, ...] = ()
    epoch: date | None = None
    most_cells: int | None = None


def is_heading(cells: Iterable[Any]) -> bool:
    """Whether a row is the heading of the table.

    Examples
    --------
    >>> is_heading(["序号", "对象编号", "处理结论 "]), is_heading(["2026年3月核查结果"])
    (True, False)
    """
    names = {column_named(cell) for cell in cells if isinstance(cell, str)}
    return len(names & set(NEEDED)) > 1


def place_of_heading(rows: Sequence[Sequence[Any]]) -> int:
    """Return which of the first rows is the heading; the first where none is."""
    return next((place for place, cells in enumerate(rows[:MOST_TITLE_ROWS]) if is_heading(cells)), 0)
