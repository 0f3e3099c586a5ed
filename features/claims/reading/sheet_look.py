"""A quick look over the bytes of a sheet: whether its cells may be read as they are, or must be scanned one by one."""

from __future__ import annotations

import re

from features.claims.reading.sheet_scan import check_reach, column_number

# Formulas may lack a value, and errors are none; both are rare in extracts.
_TELLING = re.compile(rb"<(\w{1,20}:)?f[\s/>]|\st\s*=\s*[\"']e[\"']|<!DOCTYPE")
_CELL = re.compile(rb"<(?:\w{1,20}:)?c[\s/>]")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Z]{1,3})([0-9]{1,7})[\"']")
_LONGEST = 4 * 1024 * 1024


class SheetLook:
    """What a quick look over a sheet found, piece by piece.

    `must_scan` says that it holds a formula, an error, a cell without a reference, or what is no plain XML.
    """

    def __init__(self) -> None:
        self.must_scan = False
        self._rest = b""
        self._is_first = True
        self._columns: set[bytes] = set()
        self._last_row = 0

    def take(self, piece: bytes) -> None:
        """Look over the next piece.

        Raises
        ------
        ValueError
            A cell lies farther away than is read.
        """
        if self.must_scan:
            return
        whole = self._rest + piece
        end = whole.rfind(b">") + 1
        text, self._rest = whole[:end], whole[end:]
        # Another encoding than one of ASCII's kind would hide everything from a look at bytes.
        is_odd = self._is_first and (b"\0" in text[:64] or not text.lstrip(b"\xef\xbb\xbf").startswith(b"<"))
        self._is_first = self._is_first and not text
        found = _REFERENCE.findall(text)
        if is_odd or len(self._rest) > _LONGEST or _TELLING.search(text) or len(found) != len(_CELL.findall(text)):
            self.must_scan = True
            return
        self._columns.update(column for column, _ in found)
        self._last_row = max(self._last_row, max((int(row) for row in {row for _, row in found}), default=0))
        check_reach(self._last_row, max((column_number(column.decode()) for column in self._columns), default=0))
