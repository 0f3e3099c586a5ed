"""Lines of a file as bytes, of bounded length, with a way back; and whether a block of them is regular."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from features.claims.reading.limits import MAX_RAW_CHARACTERS, MAX_RECORD_BYTES

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK_BYTES = 4 * 1024 * 1024
_PIECE = 1024 * 1024
_END = re.compile(rb"\r\n|\r|\n")
_NEW_LINE, _QUOTE = ord("\n"), ord('"')


class Lines:
    r"""Lines of a file from a place on: they end with `\n`, `\r\n` or `\r`, and are given with their end.

    Of a line that is longer than `MAX_RECORD_BYTES` its beginning is given, and `missing` says how many bytes are not.

    Parameters
    ----------
    file : file object
        Opened for bytes.
    start : int
        Byte to start at.
    """

    def __init__(self, file: BinaryIO, start: int) -> None:
        self.position = start
        self.missing = 0
        self._file = file
        self._start = start
        self._lines: list[bytes] = []
        self._index = 0

    def next(self) -> bytes | None:
        """Return the next line; None at the end of the file."""
        if self._index == len(self._lines) and not self._fill():
            return None
        line = self._lines[self._index]
        self._index += 1
        self.position += len(line) + self.missing
        return line

    def place(self) -> tuple[int, int, int]:
        """Return what `back` needs to come here again."""
        return self._start, self._index, self.position

    def back(self, place: tuple[int, int, int]) -> None:
        """Go back to a place."""
        start, index, position = place
        if start == self._start:
            self._index, self.position = index, position
        else:  # the block is read again from there
            self._lines, self._index, self.position = [], 0, position

    def _fill(self) -> bool:
        self._start, self._index, self.missing = self.position, 0, 0
        self._file.seek(self._start)
        block = self._file.read(_PIECE)
        lines = block.splitlines(keepends=True)
        # The last line may go on, and a carriage return at the end may be half a line end.
        if len(block) == _PIECE and not block.endswith(b"\n"):
            lines.pop()
        if not lines and block:
            lines = [self._long_line(block)]
        self._lines = lines
        return bool(lines)

    def _long_line(self, block: bytes) -> bytes:
        """Read one line that fills a block, keeping its beginning where it is longer than a line may be."""
        kept, size, line_end = bytearray(), 0, b""
        while block:
            end = _END.search(block)
            if end and end.end() == len(block) and end[0] == b"\r":
                following = self._file.read(1)
                self._file.seek(-len(following), 1)
                block += following if following == b"\n" else b""
                end = _END.search(block)
            piece = block[: end.start()] if end else block
            size += len(piece)
            kept += piece[: max(MAX_RECORD_BYTES - len(kept), 0)]
            if end:
                line_end = end[0]
                break
            block = self._file.read(_PIECE)
        if size > MAX_RECORD_BYTES:
            del kept[4 * MAX_RAW_CHARACTERS :]
            self.missing = size - len(kept)
        return bytes(kept) + line_end


def count_regular(block: bytes, delimiter: bytes, n_columns: int, line_end: bytes) -> int | None:
    r"""Count the lines of a block whose every line is one record, whatever reader takes it apart; None otherwise.

    Regular lines are UTF-8, end alike, are neither blank nor too long, hold no NUL, and every quote in them opens or
    closes a cell of its line. That they lack no cell, and without quotes have none too many, is checked for their sum
    only.

    Parameters
    ----------
    block : bytes
        Whole lines, the last with its end.
    delimiter, line_end : bytes
        As in the header.
    n_columns : int
        Of the file.

    Examples
    --------
    >>> count_regular(b'1,a\n2,"b, c"\n', b",", 2, b"\n")
    2
    >>> count_regular(b'1,a\n2,5" tube\n', b",", 2, b"\n")
    """
    n_lines = block.count(b"\n")
    returns = block.count(b"\r")
    if returns != (n_lines if line_end == b"\r\n" else 0) or (returns and block.count(b"\r\n") != n_lines):
        return None
    if b"\0" in block or block.startswith(line_end) or line_end * 2 in block or _has_long_line(block):
        return None
    wanted = n_lines * (n_columns - 1)
    delimiters = block.count(delimiter)
    has_quotes = b'"' in block
    if delimiters < wanted or (delimiters > wanted and not has_quotes):
        return None
    if has_quotes and not _are_quotes_regular(block, delimiter):
        return None
    return n_lines if is_utf_8(block) else None


def is_utf_8(text: bytes) -> bool:
    """Whether bytes are UTF-8; the engine loses count of what it skips where whole stretches are not."""
    if text.isascii():
        return True
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True


def _has_long_line(block: bytes) -> bool:
    half = MAX_RECORD_BYTES // 2  # a longer line covers one of these pieces whole
    return any(block.find(b"\n", start, start + half) < 0 for start in range(0, len(block) - half + 1, half))


def _are_quotes_regular(block: bytes, delimiter: bytes) -> bool:
    if len(delimiter) != 1:
        return False
    text: NDArray[np.uint8] = np.frombuffer(block, np.uint8)
    quotes = np.flatnonzero(text == _QUOTE)
    before_line_ends = np.searchsorted(quotes, np.flatnonzero(text == _NEW_LINE))
    if (before_line_ends % 2).any():
        return False
    opening, closing = quotes[::2], quotes[1::2]
    before, after = text[np.maximum(opening - 1, 0)], text[closing + 1]
    may_open = _is_one_of(before, delimiter + b'"\n') | (opening == 0)
    return bool(may_open.all() and _is_one_of(after, delimiter + b'"\r\n').all())


def _is_one_of(text: NDArray[np.uint8], characters: bytes) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = text == characters[0]
    for character in characters[1:]:
        found |= text == character
    return found
