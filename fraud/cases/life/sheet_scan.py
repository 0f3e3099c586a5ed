"""Look over the XML of a sheet before it is read: its rows and columns within bounds, merged cells, bare formulas."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Mapping

# Nobody works through more cases in one sheet, and a reader of workbooks takes a millisecond for each.
_MAX_ROWS = 5_000
MAX_COLUMNS = 200
_LAST_ROW = 1_048_576  # of any sheet
_MAX_ELEMENTS = 1_000_000
_MAX_DEPTH = 64
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class SheetScan:
    """Handlers for an XML parser that has namespaces written before names, with a blank between.

    Raises
    ------
    ValueError
        By its handlers, where the sheet goes beyond a limit.
    """

    def __init__(self) -> None:
        self.bare_formulas: set[tuple[int, int]] = set()
        self.merged: list[str] = []
        self._n_elements = self._depth = self._n_rows = self._row = self._column = 0
        self._type = ""
        self._has_formula = self._has_value = self._in_value = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the start of an element."""
        self._n_elements += 1
        self._depth += 1
        if self._n_elements > _MAX_ELEMENTS or self._depth > _MAX_DEPTH:
            raise ValueError("more elements, or nested deeper, than is read")
        tag = name.rpartition(" ")[2]
        if tag == "row":
            self._start_row(attributes.get("r"))
        elif tag == "c":
            self._start_cell(attributes.get("r"))
            self._type = attributes.get("t", "n")
            self._has_formula = self._has_value = False
        elif tag == "f":
            self._has_formula = True
        elif tag == "v":
            # A formula may have come to an empty text; a number is never empty.
            self._has_value = self._type == "str"
            self._in_value = True
        elif tag == "mergeCell":
            self.merged.append(plain_line(attributes.get("ref", ""))[:40])

    def text(self, text: str) -> None:
        """Take text between elements."""
        if self._in_value and text.strip():
            self._has_value = True

    def end(self, name: str) -> None:
        """Take the end of an element."""
        self._depth -= 1
        tag = name.rpartition(" ")[2]
        if tag == "v":
            self._in_value = False
        elif tag == "c" and self._has_formula and not self._has_value:
            self.bare_formulas.add((self._row, self._column))

    def _start_row(self, written: str | None) -> None:
        self._n_rows += 1
        if self._n_rows > _MAX_ROWS:
            raise ValueError(f"more than {_MAX_ROWS:,} rows")
        number = self._row + 1 if written is None else int(written)
        if not self._row < number <= _LAST_ROW:
            raise ValueError(f"row {number} after row {self._row}")
        self._row, self._column = number, 0

    def _start_cell(self, written: str | None) -> None:
        column, row = self._column + 1, self._row
        if written is not None:
            found = _REFERENCE.fullmatch(written)
            if found is None:
                raise ValueError(f"cell {plain_line(written)[:40]!r}: no place of a sheet")
            column, row = _column_number(found[1]), int(found[2])
        if not self._column < column <= MAX_COLUMNS or row != self._row:
            raise ValueError(f"row {self._row}: a cell out of order, or beyond column {MAX_COLUMNS}")
        self._column = column


def _column_number(letters: str) -> int:
    """Return the number of a column, from 1.

    Examples
    --------
    >>> _column_number("A"), _column_number("AB")
    (1, 28)
    """
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
