"""Read the case summary of a returned workbook: its rows, each with where it stands."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

from features.outside import refusing
from fraud.cases.cell_text import BadCell
from fraud.cases.life.workbook_parts import case_summary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.cases.life.workbook_parts import SummaryPart

_HINT = "return the pack's own workbook, saved as .xlsx without a password"


def read_workbook(content: bytes, where: str) -> tuple[list[str], list[tuple[str, Sequence[Any]]]]:
    """Return the header of the case summary, and its rows by their places.

    Raises
    ------
    InputError
        The bytes are no workbook, have no case summary, or go beyond a limit.
    """
    # Readers of archives and of workbooks raise whatever comes to hand on bytes that are not as they expect them.
    with refusing("workbook", where, _HINT, Exception):
        summary = case_summary(content)
        rows = _rows(summary)
    header = [cell if isinstance(cell, str) else "" for cell in rows.pop(1, ())]
    while header and not header[-1].strip():
        header.pop()
    return header, [(f"{summary.name} row {number}", row) for number, row in rows.items()]


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
