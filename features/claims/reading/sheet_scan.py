"""Look over the XML of a sheet before it is read: how far it reaches, and which of its cells hold no value."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.parsers import expat

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_LAST_ROW, _LAST_COLUMN = 1_048_576, 16_384  # of any sheet
# A reader of sheets keeps the whole rectangle that its cells span: a full sheet of 40 columns.
_MAX_CELLS = 42_000_000
_SHOWN = 40
NO_VALUE = "a formula without a calculated value"


class SheetScan:
    """Cells of a sheet that hold no value, by row and column from 0, with what stands there instead.

    An error (`#N/A`), and a formula that no program has calculated.
    """

    def __init__(self) -> None:
        self.no_values: dict[tuple[int, int], str] = {}
        self._row = self._column = -1
        self._n_rows = self._n_columns = 0
        self._is_error = self._has_formula = self._has_value = False
        self._error: list[str] | None = None

    def read(self, pieces: Iterable[bytes]) -> None:
        """Read the sheet.

        Raises
        ------
        ValueError, expat.ExpatError
            It is no XML, or spans more cells than are read.
        """
        parse(pieces, self._start, self._end, self._text)

    def _start(self, name: str, given: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "c":
            self._start_cell(given.get("r"))
            self._is_error = given.get("t") == "e"
            # A formula may have come to an empty text; a number is never empty.
            self._has_formula, self._has_value = False, given.get("t") == "str"
        elif tag == "v":
            self._has_value = True
            self._error = [] if self._is_error else None
        elif tag == "f":
            self._has_formula = True
        elif tag == "row":
            at = given.get("r")
            self._row = int(at) - 1 if at and at.isdecimal() else self._row + 1
            self._column = -1
            self._check()

    def _start_cell(self, reference: str | None) -> None:
        found = _REFERENCE.fullmatch(reference or "")
        if found:
            self._row = int(found[2]) - 1
            self._column = 0
            for letter in found[1]:
                self._column = 26 * self._column + ord(letter) - 64
            self._column -= 1
        else:
            self._column += 1
        self._check()

    def _check(self) -> None:
        self._n_rows, self._n_columns = max(self._n_rows, self._row + 1), max(self._n_columns, self._column + 1)
        is_within = self._n_rows <= _LAST_ROW and self._n_columns <= _LAST_COLUMN
        if not is_within or self._n_rows * self._n_columns > _MAX_CELLS:
            raise ValueError(f"cells over {self._n_rows:,} rows and {self._n_columns:,} columns, more than are read")

    def _text(self, text: str) -> None:
        if self._error is not None:
            self._error.append(text)

    def _end(self, name: str) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "v" and self._error is not None:
            self.no_values[self._row, self._column] = "".join(self._error)[:_SHOWN]
            self._error = None
        elif tag == "c" and self._has_formula and not self._has_value:
            self.no_values[self._row, self._column] = NO_VALUE


def parse(
    pieces: Iterable[bytes],
    start: Callable[[str, dict[str, str]], None] | None,
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Parse XML without a document type, piece by piece; a blank stands between namespace and name.

    Raises
    ------
    ValueError, expat.ExpatError
        It has a document type, or is no XML.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if start is not None:
        parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.buffer_text = True
        parser.CharacterDataHandler = text
    for piece in pieces:
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _refuse_doctype(*_: object) -> None:
    raise ValueError("a document type, which may name files and entities")
