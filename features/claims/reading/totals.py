"""Rows at the end of a file that are no rows but the totals of the rows above them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.claims.reading.record import Record

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import BinaryIO

_WORD = re.compile(
    r"(本页|本月|全部|累计|金额)?\s*(合\s*计|总\s*计|小\s*计|共\s*计|总\s*和)|"
    r"(grand |sub)?\s*totals?|sum|summe|gesamt|insgesamt",
    re.IGNORECASE,
)
# A total stands behind the last row, a signature or two behind it.
_LAST_LINES, _LAST_BYTES = 5, 64 * 1024


def total_word(cells: Iterable[str]) -> str | None:
    """Return the word by which a row is one of totals: its first filled cell, and not every cell is filled.

    Examples
    --------
    >>> total_word(["合计", "", "1380.00"])
    '合计'
    >>> total_word(["S1", "Total", "1380.00"])
    >>> total_word(["Total", "outpatient", "1380.00"])
    """
    given = [cell.strip() for cell in cells]
    first = next((cell for cell in given if cell), "")
    bare = first.rstrip(":：").strip()
    return bare if len(given) > 1 and "" in given and _WORD.fullmatch(bare) else None


def totals_at(file: BinaryIO, start: int, delimiter: bytes) -> int | None:
    """Return the byte at which the first total among the last lines of a file starts; None where there is none.

    Parameters
    ----------
    file : file object
        A UTF-8 CSV file.
    start : int
        Byte at which its rows start.
    delimiter : bytes
        Between cells.
    """
    size = file.seek(0, 2)
    begin = max(start, size - _LAST_BYTES)
    file.seek(begin)
    ends = file.read().splitlines(keepends=True)
    if begin > start:
        begin += len(ends.pop(0)) if ends else 0
    places = []
    for line in ends:
        if line.strip():
            places.append((begin, line))
        begin += len(line)
    for at, line in places[-_LAST_LINES:]:
        if word_of(line, delimiter):
            return at
    return None


def word_of(line: bytes, delimiter: bytes) -> str | None:
    """Return the word by which a line is one of totals; None where it is none, or no line of its own."""
    record = Record(delimiter)
    record.feed(line)
    if record.is_open or record.is_damaged:
        return None
    try:
        return total_word(cell.decode() for cell in record.texts())
    except UnicodeDecodeError:
        return None
