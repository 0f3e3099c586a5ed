"""A sheet of the workbook, written row by row: a heading, then cells by kind, of which no text can become a formula.

What is more than a sheet or a cell can hold goes to a further sheet, or is cut and says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from features.vocabulary.text import Text
from fraud.cases.line_columns import SCALES

if TYPE_CHECKING:
    from collections.abc import Sequence

# What a sheet and a cell hold; a character beyond the first 65,536 of Unicode counts twice.
MOST_ROWS = 1_048_576
LONGEST_TEXT = 32_767
_CUT = Text(" … [cut: {n:,} characters in all]", "……［已截断，原文共{n:,}字符］")
_FORMATS: dict[str, dict[str, Any]] = {
    "text": {"align": "left", "indent": 1},
    "long": {"align": "left", "indent": 1, "text_wrap": True},
    "money": {"num_format": "#,##0.00"},
    "price": {"num_format": "#,##0.00####"},
    "quantity": {"num_format": "#,##0.####"},
    "integer": {"num_format": "#,##0"},
    "score": {"num_format": "0.00"},
    "number": {"num_format": "0.00####"},
    "share": {"num_format": "0.0%"},
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
        self._name = name
        self._parts = [book.add_worksheet(name.of(lang))]
        self._before = 0
        self.row = 0
        self._heading: tuple[Sequence[tuple[Text, int]], int, int] = ((), 0, 1)
        self._formats: dict[tuple[str, bool, bool], Any] = {}

    @property
    def sheet(self) -> Any:
        """The sheet that is being written; `row` is its last row so far, from 0."""
        return self._parts[-1]

    def head(self, columns: Sequence[tuple[Text, int]], n_frozen: int, n_wide: int = 1) -> None:
        """Write the heading; it and the first columns stay in view; print so many pages wide."""
        self._heading = columns, n_frozen, n_wide
        heading = self.book.add_format(_HEADING)
        for number, (_, width) in enumerate(columns):
            self.sheet.set_column(number, number, width)
        self.sheet.set_row(0, 32)
        for number, (label, _) in enumerate(columns):
            _done(self.sheet.write_string(0, number, label.of(self.lang), heading))
        self.sheet.freeze_panes(1, n_frozen)
        self.sheet.set_landscape()
        self.sheet.set_paper(9)
        self.sheet.repeat_rows(0)
        self.sheet.fit_to_pages(n_wide, 0)

    def write(
        self, cells: Sequence[tuple[str, Any]], *, answers: Sequence[int] = (), height: int | None = None
    ) -> None:
        """Write one row of (kind, value), on a further sheet of the same heading where this one is full."""
        if self.row == MOST_ROWS - 1:
            self._turn()
        self.row += 1
        if height:
            self.sheet.set_row(self.row, height)
        for number, (kind, value) in enumerate(cells):
            self._cell(number, kind, value, is_answer=number in answers)

    def filter(self, n_columns: int) -> int:
        """Put a filter on the heading; return the rows written, on all its sheets."""
        self.sheet.autofilter(0, 0, self.row, n_columns - 1)
        return self._before + self.row

    def _turn(self) -> None:
        """Begin a further sheet, named by its number."""
        columns, n_frozen, n_wide = self._heading
        self.filter(len(columns))
        self._before += self.row
        self.row = 0
        self._parts.append(self.book.add_worksheet(f"{self._name.of(self.lang)} {len(self._parts) + 1}"))
        self.head(columns, n_frozen, n_wide)

    def _cell(self, column: int, kind: str, value: Any, *, is_answer: bool) -> None:
        if _is_missing(value):
            _done(self.sheet.write_blank(self.row, column, None, self._format(kind, is_answer=is_answer)))
        elif isinstance(value, str):
            style = self._format(kind, is_answer=is_answer, is_quoted=value.startswith(_HOSTILE))
            _done(self.sheet.write_string(self.row, column, shortened(value, self.lang), style))
        elif kind in {"date", "time"}:
            moment = pd.Timestamp(value).tz_localize(None).to_pydatetime(warn=False)
            _done(self.sheet.write_datetime(self.row, column, moment, self._format(kind, is_answer=is_answer)))
        else:
            number = int(value) / SCALES[kind] if kind in SCALES else value
            _done(self.sheet.write_number(self.row, column, number, self._format(kind, is_answer=is_answer)))

    def _format(self, kind: str, *, is_answer: bool, is_quoted: bool = False) -> Any:
        key = (kind, is_answer, is_quoted)
        if key not in self._formats:
            answer: dict[str, Any] = _ANSWER if is_answer else {}
            quoted: dict[str, Any] = {"quote_prefix": True} if is_quoted else {}
            self._formats[key] = self.book.add_format({"valign": "top", **_RULE, **_FORMATS[kind], **answer, **quoted})
        return self._formats[key]


def shortened(text: str, lang: str) -> str:
    """Return what a cell can hold of a text, with how long it is in all where that is not the whole.

    Examples
    --------
    >>> shortened("x" * 40_000, "en")[-39:], len(shortened("x" * 40_000, "en"))
    ('xxxxx … [cut: 40,000 characters in all]', 32767)
    """
    units = text.encode("utf-16-le", "surrogatepass")
    if len(units) <= 2 * LONGEST_TEXT:
        return text
    mark = _CUT.of(lang).format(n=len(text))
    return units[: 2 * (LONGEST_TEXT - len(mark))].decode("utf-16-le", "ignore") + mark


def _done(code: int) -> None:
    """Let no cell be counted that the library left out; it says so by a number and by a warning only."""
    if code:
        raise AssertionError(f"a cell of the workbook was not written: {code}")


def _is_missing(value: Any) -> bool:
    if isinstance(value, str):
        return not value
    return bool(pd.isna(value))
