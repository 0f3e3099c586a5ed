"""Read the case summary of a returned workbook: where its table begins, and its rows."""

from __future__ import annotations

import io
import re
import warnings
from typing import TYPE_CHECKING, Any

from features.outside import refusing
from fraud.cases.cell_text import EPOCH_1900, EPOCH_1904, BadCell
from fraud.cases.life.found_table import FoundTable, place_of_heading
from fraud.cases.life.workbook_parts import case_summary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fraud.cases.life.workbook_parts import SummaryPart

_HINT = "return the pack's own workbook, saved as .xlsx without a password"


def read_workbook(content: bytes, where: str) -> FoundTable:
    """Return the table of the case summary.

    Raises
    ------
    InputError
        The bytes are no workbook, have no case summary, or go beyond a limit; or cells of its table are merged.
    """
    # Readers of archives and of workbooks raise whatever comes to hand on bytes that are not as they expect them.
    with refusing("workbook", where, _HINT, Exception):
        summary = case_summary(content)
        rows = _rows(summary)
        first = _first_row(rows)
        _check_merged(summary, first)
    header = [cell if isinstance(cell, str) else "" for cell in rows.get(first, ())]
    while header and not header[-1].strip():
        header.pop()
    above = [(row, column) for row in rows if row < first for column, cell in enumerate(rows[row]) if cell is not None]
    return FoundTable(
        header,
        [(f"{summary.name} row {number}", row) for number, row in rows.items() if number > first],
        lambda place, column: _cell(int(place.rpartition(" ")[2]), column),
        tuple(_cell(row, column + 1) for row, column in above),
        EPOCH_1904 if summary.counts_from_1904 else EPOCH_1900,
    )


def _first_row(rows: Mapping[int, Sequence[Any]]) -> int:
    numbers = list(rows)
    return numbers[place_of_heading(list(rows.values()))] if numbers else 1


def _check_merged(summary: SummaryPart, first: int) -> None:
    """Refuse merged cells but those of titles above the heading."""
    for cells in summary.merged:
        last = re.search(r"[0-9]+$", cells)
        if last is None or int(last[0]) >= first:
            raise ValueError(f"merged cells {cells}: which case they speak of cannot be told; unmerge them")


def _cell(row: int, column: int) -> str:
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column)}{row}"


def _rows(summary: SummaryPart) -> dict[int, list[Any]]:
    """Return rows that hold anything, by their numbers."""
    import openpyxl

    with warnings.catch_warnings():
        # It warns of looks that it does not keep.
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(summary.workbook), read_only=True, data_only=True, keep_links=False)
        sheet = book[summary.name]
        sheet.reset_dimensions()  # written as rows came, so the extent in the file may be short
        found = {}
        for number, row in enumerate(sheet.iter_rows(), start=1):
            values = [
                _value(cell, (number, column) in summary.bare_formulas) for column, cell in enumerate(row, start=1)
            ]
            if any(value is not None for value in values):
                found[number] = values
        book.close()
    return found


def _value(cell: Any, is_bare: bool) -> Any:
    if is_bare:
        return BadCell("a formula without a value; write the value itself")
    if cell.data_type == "e":
        return BadCell("an error of the sheet; write the value itself")
    return cell.value
