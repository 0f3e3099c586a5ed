"""The header of a CSV file: its columns and delimiter, where the rows start, and how lines end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.reading.columns import check_columns, has_trailing, header_refused, refuse_title
from features.claims.reading.limits import MAX_RECORD_LINES
from features.claims.reading.lines import Lines
from features.claims.reading.record import Record, told_delimiter
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from typing import BinaryIO

    from features.claims.mapping.form import Form

_BOM = b"\xef\xbb\xbf"
# What a line such as `sep=;` leaves in its first cell.
_SEPARATORS = frozenset({"sep=", "sep=,", "sep=;", "sep=|", "sep=\t"})
# Lines behind a title that are looked at for the header.
_LOOK_AHEAD = 20


@dataclass(frozen=True)
class Header:
    r"""The first record of a file.

    Parameters
    ----------
    columns : tuple of str
        Names, without blanks around them.
    delimiter : bytes
        Between cells.
    n_blank, n_lines : int
        Blank lines before it; its own lines.
    end : int
        Byte at which the rows start.
    line_end : bytes
        Of the header: `\n`, `\r\n` or `\r`.
    is_plain : bool
        Whether it is the first line of the file, spelled as every reader expects.
    line : bytes
        The line itself, without its end; empty where it takes several.
    """

    columns: tuple[str, ...]
    delimiter: bytes
    n_blank: int
    n_lines: int
    end: int
    line_end: bytes
    is_plain: bool
    line: bytes = b""


def read_header(file: BinaryIO, form: Form, name: str) -> Header:
    """Read the header of a UTF-8 CSV file.

    Raises
    ------
    InputError
        There is none, or its columns cannot be told apart.
    """
    start = file.read(8)
    at = 0
    while start[at:].startswith(_BOM):
        at += len(_BOM)
    lines = Lines(file, at)
    line = lines.next()
    n_blank = 0
    while line is not None and not line.strip(b"\r\n"):
        n_blank += 1
        line = lines.next()
    if line is None:
        raise InputError.of("file", plain_line(f"'{name}'"), "empty", "export it again, with a header line")
    delimiter = form.delimiter.encode() if form.delimiter else told_delimiter(line)
    record = Record(delimiter)
    while line is not None and not lines.missing:
        record.feed(line)
        if not record.is_open or record.n_lines > MAX_RECORD_LINES:
            break
        line = lines.next()
    if line is None or lines.missing or record.is_open or record.is_damaged:
        raise header_refused(name, "a quote that is not closed, a NUL, or a line without an end")
    given = _names(record, name)
    told = told_delimiter(line)
    if len(given) == 1 and told != delimiter and told in line:
        raise header_refused(name, f"one column, whose name holds the delimiter {told.decode()!r}")
    end, n_skipped = lines.position, form.skip_rows + n_blank + record.n_lines
    following = _following(lines, delimiter if form.delimiter else None)
    if given[0].lower() in _SEPARATORS and not any(given[1:]):
        hint = f"set `skip_rows = {n_skipped}` in the mapping, or remove the lines above the header"
        raise InputError.of(
            "header", f"of file {plain_line(repr(name))}", "a line that tells Excel the delimiter", hint
        )
    if "" in given or len(given) == 1:
        refuse_title(given, following, name, n_skipped)
    is_short = has_trailing(len(given), following, fewest=1 if form.ignore_unnamed else 2)
    given += ("",) * is_short
    columns = check_columns(given, name, ignore_unnamed=form.ignore_unnamed)
    line_end = b"\r\n" if line.endswith(b"\r\n") else line[-1:] if line.endswith(b"\r") else b"\n"
    is_plain = not n_blank and line_end != b"\r" and line.rstrip(b"\r\n") == record.spelled()
    whole = line.rstrip(b"\r\n") if record.n_lines == 1 and len(columns) > 1 else b""
    return Header(columns, delimiter, n_blank, record.n_lines, end, line_end, is_plain and not is_short, whole)


def _following(lines: Lines, delimiter: bytes | None) -> list[list[bool]]:
    """Which cells of the next lines are filled."""
    found: list[list[bool]] = []
    while len(found) < _LOOK_AHEAD and (line := lines.next()) is not None and not lines.missing:
        record = Record(delimiter or told_delimiter(line))
        record.feed(line)
        found.append([bool(cell.strip()) for cell in record.texts()])
    return found


def _names(record: Record, name: str) -> tuple[str, ...]:
    try:
        return tuple(cell.decode("utf-8").lstrip("\ufeff").strip() for cell in record.texts())
    except UnicodeDecodeError as error:
        raise header_refused(name, "not UTF-8") from error
