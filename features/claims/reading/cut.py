"""Cut what stands before the header and behind the last row of a text file, counted in lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.reading.lines import Lines
from features.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

_PIECE = 1024 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Cut:
    """A text file without its first and last lines.

    Parameters
    ----------
    path : Path
        The file itself where nothing is cut.
    n_first, n_last : int
        Lines cut at its beginning and end, blank ones behind the last among them.
    """

    path: Path
    n_first: int = 0
    n_last: int = 0


def cut(path: Path, target: Path, skip_rows: int, skip_last: int, where: str) -> Cut:
    """Copy a file without its first lines, and without its last that are not blank.

    Parameters
    ----------
    path, target : Path
        A UTF-8 file; where to write.
    skip_rows, skip_last : int
        Lines; those at the end are counted from the last that is not blank.
    where : str
        The file, for the error.

    Raises
    ------
    InputError
        It has no more lines than that.
    """
    if not skip_rows and not skip_last:
        return Cut(path)
    with path.open("rb") as file:
        start = len(_BOM) if file.read(len(_BOM)) == _BOM else 0
        lines = Lines(file, start)
        for _ in range(skip_rows):
            if lines.next() is None:
                raise _too_short(where, skip_rows)
        start = lines.position
        end, n_last = _end(lines, skip_last) if skip_last else (path.stat().st_size, 0)
        if end <= start:
            raise _too_short(where, skip_rows + skip_last)
        _copy(file, start, end, target)
    return Cut(target, skip_rows, n_last)


def _end(lines: Lines, skip_last: int) -> tuple[int, int]:
    """Return where the last lines start that are cut, and how many lines they are with the blank ones among them."""
    starts: list[tuple[int, int]] = []
    n, at = 0, lines.position
    while (line := lines.next()) is not None:
        if line.strip(b"\r\n") or lines.missing:
            starts.append((at, n))
            del starts[: -skip_last - 1]
        n += 1
        at = lines.position
    if len(starts) <= skip_last:
        return 0, 0
    place, before = starts[-skip_last]
    return place, n - before


def _copy(file: BinaryIO, start: int, end: int, target: Path) -> None:
    file.seek(start)
    left = end - start
    with target.open("wb") as out:
        while left and (piece := file.read(min(left, _PIECE))):
            out.write(piece)
            left -= len(piece)


def _too_short(where: str, n: int) -> InputError:
    return InputError.of("file", where, f"no row beyond the {n:,} lines to skip", "check `skip_rows` and `skip_last`")
