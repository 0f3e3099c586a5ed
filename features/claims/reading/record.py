"""One record of a CSV file taken apart: cells, those in quotes with their line breaks, fed line by line."""

from __future__ import annotations

import re

from features.claims.reading.limits import MAX_RECORD_BYTES, MAX_RECORD_LINES

_QUOTE = b'"'
_INSIDE = re.compile(rb'[^"]*(?:""[^"]*)*')
_LINE_END = b"\r\n"
# An address of two lines may hold two delimiters; fewer columns than these say nothing about rows in a cell.
_FEWEST_TELLING_COLUMNS = 4


# What stands between cells where no comma does; Hive's own sign is the last.
_OTHER_DELIMITERS = (b"\t", b"|", b";", b"\x01")
_QUOTED = re.compile(rb'"[^"]*"')


def told_delimiter(header: bytes) -> bytes:
    r"""Return what stands between the cells of a header: a comma, or without any the commonest of the other signs.

    Examples
    --------
    >>> told_delimiter(b"id|name|day\n")
    b'|'
    """
    bare = _QUOTED.sub(b"", header)
    if b"," in bare:
        return b","
    most = max(_OTHER_DELIMITERS, key=bare.count)
    return most if most in bare else b","


class Record:
    r"""Cells of one record, as a reader of strict CSV takes them.

    A cell is quoted where its first character other than a blank is a quote; a quote elsewhere is text. Cells are
    kept in the one spelling that every reader agrees about. Of a record beyond `MAX_RECORD_BYTES` only the counts
    are kept.

    Parameters
    ----------
    delimiter : bytes
        Between cells.

    Examples
    --------
    >>> record = Record(b",")
    >>> record.feed(b'S1, "a\n')
    >>> record.is_open
    True
    >>> record.feed(b'b" ,5" tube\n')
    >>> record.is_open, record.n_cells, record.spelled()
    (False, 3, b'S1,"a\nb","5"" tube"')
    """

    def __init__(self, delimiter: bytes) -> None:
        self.is_open = False
        self.is_damaged = False
        self.n_cells = 0
        self.n_lines = 0
        self.n_bytes = 0
        self._delimiter = delimiter
        blank = b"" if delimiter == b" " else b" *"
        self._opening = re.compile(blank + _QUOTE)
        self._closing = re.compile(blank + rb"(?:(" + re.escape(delimiter) + rb")|[\r\n]*\Z)")
        self._cells: list[bytes] = []
        self._inside: list[bytes] = []
        self._breaks = self._delimiters = 0
        self._holds_rows: list[tuple[int, int]] = []

    def feed(self, line: bytes) -> None:
        """Take in the next line, with its end; a carriage return within it is text."""
        self.n_lines += 1
        self.n_bytes += len(line)
        if b"\0" in line:
            self.is_open, self.is_damaged = False, True
            return
        position = 0
        if self.is_open:
            self._breaks += 1
            found = self._quoted(line, 0)
        else:
            found = self._cell(line, position)
        while found is not None:
            found = self._cell(line, found)

    def holds_rows(self, n_columns: int) -> bool:
        """Whether a quoted cell holds as many delimiters as its lines would hold as rows of the file."""
        for breaks, delimiters in self._holds_rows:
            as_rows = breaks * (n_columns - 1)
            if delimiters == as_rows and n_columns >= _FEWEST_TELLING_COLUMNS:
                return True
            if breaks > MAX_RECORD_LINES and n_columns > 1 and 2 * delimiters >= as_rows:
                return True
        return False

    def spelled(self) -> bytes:
        """Return the record without its line end, quoted where it must be."""
        return self._delimiter.join(self._cells)

    def texts(self) -> list[bytes]:
        """Return the cells as text, without quotes."""
        return [cell[1:-1].replace(_QUOTE * 2, _QUOTE) if cell.startswith(_QUOTE) else cell for cell in self._cells]

    def _cell(self, line: bytes, position: int) -> int | None:
        """Take one cell; return where the next one starts, None at the end of line or record."""
        opening = self._opening.match(line, position)
        if opening:
            self.is_open = True
            self._breaks = self._delimiters = 0
            return self._quoted(line, opening.end())
        end = line.find(self._delimiter, position)
        cell = line[position:].rstrip(_LINE_END) if end < 0 else line[position:end]
        if _QUOTE in cell or b"\r" in cell or b"\n" in cell:
            cell = _QUOTE + cell.replace(_QUOTE, _QUOTE * 2) + _QUOTE
        self._add(cell)
        return None if end < 0 else end + len(self._delimiter)

    def _quoted(self, line: bytes, position: int) -> int | None:
        inside = _INSIDE.match(line, position)
        end = inside.end() if inside else position
        text = line[position:end]
        self._delimiters += text.count(self._delimiter)
        if self.n_bytes <= MAX_RECORD_BYTES:
            self._inside.append(text)
        if end == len(line):
            return None
        closing = self._closing.match(line, end + 1)
        self.is_open = False
        if closing is None:
            self.is_damaged = True
            return None
        if self._breaks:
            self._holds_rows.append((self._breaks, self._delimiters))
        self._add(_QUOTE + b"".join(self._inside) + _QUOTE)
        self._inside = []
        return closing.end() if closing[1] is not None else None

    def _add(self, cell: bytes) -> None:
        self.n_cells += 1
        if self.n_bytes <= MAX_RECORD_BYTES:
            self._cells.append(cell)
