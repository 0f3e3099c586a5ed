"""A sheet of the workbook, written row by row: a heading, then cells by kind, of which no text can become a formula."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from fraud.cases.line_columns import SCALES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from features.vocabulary.text import Text

_LONGEST_TEXT = 32_767  # of a cell
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"align": "left", "indent": 1},
    "long": {"align": "left", "indent": 1, "text_wrap": True},
    "money": {"num_format": "#,##0.00"},
    "price": {"num_format": "#,##0.00####"},
    "quantity": {"num_format": "#,##0.####"},
    "integer": {"num_format": "#,##0"},
    "score": {"num_format": "0.00"},
    "number": {"num_format": "0.00####"},
    "date": {"num_format": "yyyy-mm-dd"},
    "time": {"num_format": "yyyy-mm-dd hh:mm"},
}
_HEADING = {"bold": True, "bg_color": "#23395B", "font_color": "#FFFFFF", "valign": "vcenter", "text_wrap": True}
_ANSWER: dict[str, Any] = {"bg_color": "#F3F7FC", "border": 1, "border_color": "#C5D3E5"}
_RULE: dict[str, Any] = {"bottom": 1, "bottom_color": "#DDE3EA"}
# What starts like this is kept as text even when the cell is edited.
_HOSTILE = ("=", "+", "-", "@", "\t", "\r", "\n")


class SheetWriter:
    """Writes one sheet of a workbook from top to bottom.

    Parameters
    ----------
    book : xlsxwriter.Workbook
        Where the sheet is added.
    name : Text
        Of the sheet.
    lang : str
        `en` or `zh`, for its name and headings.
    """

    def __init__(self, book: Any, name: Text, lang: str) -> None:
        self.book, self.lang = book, lang
        self.sheet = book.add_worksheet(name.of(lang))
        self.row = 0
        self._formats: dict[tuple[str, bool, bool], Any] = {}

    def head(self, columns: Sequence[tuple[Text, int]], n_frozen: int, n_wide: int = 1) -> None:
        """Write the heading; it and the first columns stay in view; print so many pages wide."""
        heading = self.book.add_format(_HEADING)
        for number, (_, width) in enumerate(columns):
            self.sheet.set_column(number, number, width)
        self.sheet.set_row(0, 32)
        for number, (label, _) in enumerate(columns):
            self.sheet.write_string(0, number, label.of(self.lang), heading)
        self.sheet.freeze_panes(1, n_frozen)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.repeat_rows(0)
        self.sheet.fit_to_pages(n_wide, 0)

    def write(
        self, cells: Sequence[tuple[str, Any]], *, answers: Sequence[int] = (), height: int | None = None
    ) -> None:
        """Write one row of (kind, value)."""
        self.row += 1
        if height:
            self.sheet.set_row(self.row, height)
        for number, (kind, value) in enumerate(cells):
            self._cell(number, kind, value, is_answer=number in answers)

    def filter(self, n_columns: int) -> int:
        """Put a filter on the heading; return the rows written."""
        self.sheet.autofilter(0, 0, self.row, n_columns - 1)
        return self.row

    def _cell(self, column: int, kind: str, value: Any, *, is_answer: bool) -> None:
        if _is_missing(value):
            self.sheet.write_blank(self.row, column, None, self._format(kind, is_answer=is_answer))
        elif isinstance(value, str):
            style = self._format(kind, is_answer=is_answer, is_quoted=value.startswith(_HOSTILE))
            self.sheet.write_string(self.row, column, value[:_LONGEST_TEXT], style)
        elif kind in {"date", "time"}:
            moment = pd.Timestamp(value).tz_localize(None).to_pydatetime(warn=False)
            self.sheet.write_datetime(self.row, column, moment, self._format(kind, is_answer=is_answer))
        else:
            number = int(value) / SCALES[kind] if kind in SCALES else value
            self.sheet.write_number(self.row, column, number, self._format(kind, is_answer=is_answer))

    def _format(self, kind: str, *, is_answer: bool, is_quoted: bool = False) -> Any:
        key = (kind, is_answer, is_quoted)
        if key not in self._formats:
            answer: dict[str, Any] = _ANSWER if is_answer else {}
            quoted: dict[str, Any] = {"quote_prefix": True} if is_quoted else {}
            self._formats[key] = self.book.add_format({"valign": "top", **_RULE, **_FORMATS[kind], **answer, **quoted})
        return self._formats[key]


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value
    return bool(pd.isna(value))
