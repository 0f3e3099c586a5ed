"""The sheet of evidence: one row per case, claim line and finding."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.cases.clue_names import lines_with_names
from fraud.cases.line_columns import LINE_COLUMNS, word_in
from fraud.cases.pack.workbook_words import CASE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.cases.case import Case
    from fraud.cases.pack.sheets.writer import SheetWriter

_WIDTHS = {"text": 16, "money": 13, "price": 12, "quantity": 10, "integer": 8, "time": 17, "date": 12}
_WIDER = {"code": 34}


def write_lines(sheet: SheetWriter, cases: Sequence[Case]) -> int:
    """Write the evidence lines of every case; return the rows."""
    sheet.head(
        [(CASE, 17), *((column.label, _WIDER.get(column.name, _WIDTHS[column.kind])) for column in LINE_COLUMNS)],
        n_frozen=2,
    )
    for case in cases:
        lines = lines_with_names(case, sheet.lang)
        values = (lines[column.name].tolist() for column in LINE_COLUMNS)
        for row in zip(*values, strict=True):
            cells = (
                (column.kind, word_in(column.name, value, sheet.lang))
                for column, value in zip(LINE_COLUMNS, row, strict=True)
            )
            sheet.write([("text", case.case_id), *cells])
    return sheet.filter(len(LINE_COLUMNS) + 1)
