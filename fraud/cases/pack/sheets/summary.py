"""The sheet of cases: one row per case, with drop-downs and columns to fill in."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from fraud.cases.sheet_words import DECISIONS, WORDS
from fraud.cases.summary_columns import SUMMARY_COLUMNS, SummaryRow

if TYPE_CHECKING:
    from fraud.cases.case import CasePack
    from fraud.cases.pack.sheets.writer import SheetWriter
    from fraud.cases.summary_columns import SummaryColumn

_ROW_HEIGHT = 96
# Background and ink.
_COLOURS = {"red": ("#F8D7DA", "#7A1C25"), "yellow": ("#FFF3CD", "#664D03"), "green": ("#D1E7DD", "#0F5132")}
_COLOURED = {
    "status": {"to_review": "red", "in_review": "yellow", "decided": "green"},
    "decision": {
        **dict.fromkeys(DECISIONS, "red"),
        "policy_ambiguity": "yellow",
        "insufficient_evidence": "yellow",
        "unfounded": "green",
    },
}


def write_summary(sheet: SheetWriter, pack: CasePack) -> int:
    """Write one row per case in the order of the queue; return the rows."""
    sheet.head([(column.label, column.width) for column in SUMMARY_COLUMNS], n_frozen=3, n_wide=3)
    answers = [number for number, column in enumerate(SUMMARY_COLUMNS) if column.is_answer]
    for place, case in enumerate(pack.cases, start=1):
        row = SummaryRow(case, place, pack.lang, pack.pack_id)
        cells = [(column.kind, column.value(row) if column.value else None) for column in SUMMARY_COLUMNS]
        sheet.write(cells, answers=answers, height=_ROW_HEIGHT)
    if pack.cases:
        for number, column in enumerate(SUMMARY_COLUMNS):
            _guide_answers(sheet, number, column)
    return sheet.filter(len(SUMMARY_COLUMNS))


def _guide_answers(sheet: SheetWriter, number: int, column: SummaryColumn) -> None:
    """Say what may be filled in, and colour it."""
    area = (1, number, sheet.row, number)
    if column.name in _COLOURED:
        words = WORDS[column.name]
        sheet.sheet.data_validation(*area, {"validate": "list", "source": [w.of(sheet.lang) for w in words.values()]})
        for code, colour in _COLOURED[column.name].items():
            background, ink = _COLOURS[colour]
            style = sheet.book.add_format({"bg_color": background, "font_color": ink})
            value = f'"{words[code].of(sheet.lang)}"'
            sheet.sheet.conditional_format(*area, {"type": "cell", "criteria": "==", "value": value, "format": style})
    elif column.is_answer and column.kind == "date":
        rule = {"validate": "date", "criteria": ">=", "value": date(2000, 1, 1)}
        sheet.sheet.data_validation(*area, rule)
    elif column.is_answer and column.kind == "money":
        sheet.sheet.data_validation(*area, {"validate": "decimal", "criteria": ">=", "value": 0})
