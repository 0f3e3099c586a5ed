"""The header of a CSV file: its columns, where the rows start, and how lines end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.reading.limits import MAX_COLUMNS, MAX_NAME_CHARACTERS, MAX_RECORD_LINES
from features.claims.reading.lines import Lines
from features.claims.reading.record import Record
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import BinaryIO

_BOM = b"\xef\xbb\xbf"
_OTHER_FORMATS = {b"PK\x03\x04": "a zip archive", b"\x1f\x8b": "a gzip file", b"PAR1": "a Parquet file"}


@dataclass(frozen=True)
class Header:
    r"""The first record of a file.

    Parameters
    ----------
    columns : tuple of str
        Names, without blanks around them.
    n_blank, n_lines : int
        Blank lines before it; its own lines.
    end : int
        Byte at which the rows start.
    line_end : bytes
        Of the header: `\n`, `\r\n` or `\r`.
    is_plain : bool
        Whether it is the first line of the file, spelled as every reader expects.
    """

    columns: tuple[str, ...]
    n_blank: int
    n_lines: int
    end: int
    line_end: bytes
    is_plain: bool


def read_header(file: BinaryIO, delimiter: bytes, name: str) -> Header:
    """Read the header of a UTF-8 CSV file.

    Raises
    ------
    InputError
        There is none, it is another kind of file, or its columns cannot be told apart.
    """
    start = file.read(8)
    for magic, kind in _OTHER_FORMATS.items():
        if start.startswith(magic):
            raise InputError.of("file", _shown(name), f"{kind} and no CSV", "name it after what it is")
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
        raise InputError.of("file", _shown(name), "empty", "export it again, with a header line")
    record = Record(delimiter)
    while line is not None and not lines.missing:
        record.feed(line)
        if not record.is_open or record.n_lines > MAX_RECORD_LINES:
            break
        line = lines.next()
    if line is None or lines.missing or record.is_open or record.is_damaged:
        raise _refused(name, "a quote that is not closed, a NUL, or a line without an end")
    columns = _columns(record, name)
    check_columns(columns, name)
    line_end = b"\r\n" if line.endswith(b"\r\n") else line[-1:] if line.endswith(b"\r") else b"\n"
    is_plain = not n_blank and line_end != b"\r" and line.rstrip(b"\r\n") == record.spelled()
    return Header(columns, n_blank, record.n_lines, lines.position, line_end, is_plain)


def check_columns(columns: Sequence[str], name: str) -> None:
    """Refuse columns that are too many, unnamed, or named alike but for case.

    Parameters
    ----------
    columns : sequence of str
        As the file names them.
    name : str
        The file, for the error.
    """
    folded = [column.lower() for column in columns]
    if not any(columns):
        raise InputError.of("file", _shown(name), "empty", "export it again, with a header line")
    if len(columns) > MAX_COLUMNS:
        raise _refused(name, f"{len(columns):,} columns, more than {MAX_COLUMNS:,}")
    longest = max(map(len, columns))
    if longest > MAX_NAME_CHARACTERS:
        raise _refused(name, f"a column name of {longest:,} characters, more than {MAX_NAME_CHARACTERS}")
    if "\0" in "".join(columns):
        raise _refused(name, "a column name with a NUL")
    if "" in folded or len(set(folded)) < len(folded) or {"_file", "_row"} & set(folded):
        raise InputError.of(
            "header", f"of file {_shown(name)}", "a column without a name, or one twice", "name each column once"
        )


def _columns(record: Record, name: str) -> tuple[str, ...]:
    try:
        return tuple(cell.decode("utf-8").lstrip("\ufeff").strip() for cell in record.texts())
    except UnicodeDecodeError as error:
        raise _refused(name, "not UTF-8") from error


def _refused(name: str, got: str) -> InputError:
    hint = "export it again, or set `delimiter` and `encoding` in the mapping"
    return InputError.of("header", f"of file {_shown(name)}", got, hint)


def _shown(name: str) -> str:
    return plain_line(f"'{name}'")
