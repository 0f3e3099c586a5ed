"""Rows of a published file as texts with their places, whatever it is written in; bounded, and nothing half-read."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.reading.decode import decode
from features.claims.reading.kind import kind_of
from features.claims.reading.sheets import shown_sheets
from features.claims.reading.unpack import is_data_member, unzip
from features.errors import InputError
from features.outside import plain_line, refusing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Published tables are narrow: what lies further right is a form on the sheet, and no column.
MAX_CELLS = 64
_HINT = "give the file as it was published: .xlsx, .csv, .txt, or a .zip of these"
_FALLBACKS = ("gb18030", "cp1252")


@dataclass(frozen=True)
class Record:
    """One row.

    Parameters
    ----------
    number : int
        Of the row in its sheet, or of the line in its text, from 1.
    cells : list of str
        At most `MAX_CELLS`, without blanks around them.
    no_texts : dict of int to str
        Cells by place from 0 that hold no value, and what stands there.
    """

    number: int
    cells: list[str]
    no_texts: dict[int, str]


@dataclass(frozen=True)
class Sheetful:
    """One sheet of a workbook, or one text.

    Parameters
    ----------
    file, title : str
        The file, and the sheet's title; a text has none.
    records : iterator of Record
        Its rows in order, read as they are asked for.
    """

    file: str
    title: str
    records: Iterator[Record]


def read_sheets(path: Path, staging: Path, encodings: tuple[str, ...] = _FALLBACKS) -> Iterator[Sheetful]:
    """Read what a published file holds, one sheet or text after the other.

    Parameters
    ----------
    path : Path
        A workbook, a text, or a zip archive of these; of a table that an archive holds twice, the text.
    staging : Path
        A folder for what is unpacked.
    encodings : tuple of str
        Tried in order where a text is no UTF-8.

    Raises
    ------
    InputError
        It cannot be read, is of another kind, or goes beyond a bound.
    """
    where = plain_line(f"'{path.name}'")
    with refusing("file", where, _HINT):
        is_file = path.is_file()
    if not is_file:
        raise InputError.of("file", where, "no file", _HINT)
    kind = kind_of(path, path.name, where)
    if kind == "zip":
        members = list(unzip(path, staging / "member", where, is_data_member))
        texts = {each.name.rpartition(".")[0] for each in members if each.name.lower().endswith((".txt", ".csv"))}
        for each in members:
            is_text = each.name.lower().endswith((".txt", ".csv"))
            if is_text or each.name.rpartition(".")[0] not in texts:
                yield from _read_one(each.path, f"{path.name}/{each.name}", staging, encodings)
    else:
        yield from _read_one(path, path.name, staging, encodings)


def _read_one(path: Path, name: str, staging: Path, encodings: tuple[str, ...]) -> Iterator[Sheetful]:
    kind = kind_of(path, name, plain_line(f"'{name}'"))
    if kind == "workbook":
        for sheet in shown_sheets(path, staging, name):
            by_row: dict[int, dict[int, str]] = {}
            for (at, column), said in sheet.no_texts.items():
                by_row.setdefault(at, {})[column] = said
            rows = enumerate(sheet.rows)
            yield Sheetful(name, sheet.title, (Record(at + 1, row[:MAX_CELLS], by_row.get(at, {})) for at, row in rows))
    elif kind == "text":
        yield Sheetful(name, "", _lines(_utf_8(path, name, staging, encodings), name))
    else:
        raise InputError.of("file", plain_line(f"'{name}'"), f"a file of kind {kind}, and no published table", _HINT)


def _utf_8(path: Path, name: str, staging: Path, encodings: tuple[str, ...]) -> Path:
    """Return the text as UTF-8, from the first encoding that all its bytes are text in."""
    where = plain_line(f"'{name}'")
    plain, encoding = decode(path, staging / "text", None, where)
    for each in ("utf-8", *encodings) if encoding == "utf-8" else ():
        try:
            with plain.open(encoding=each) as text:
                while text.read(1024 * 1024):
                    pass
        except UnicodeDecodeError:
            continue
        return plain if each == "utf-8" else decode(path, staging / "text", each, where)[0]
    return plain


def _lines(path: Path, name: str) -> Iterator[Record]:
    """Take a text apart by tabs where its lines have them, else by commas."""
    with refusing("file", plain_line(f"'{name}'"), _HINT), path.open(encoding="utf-8-sig", newline="") as text:
        head = text.read(64 * 1024)
        text.seek(0)
        delimiter = "\t" if head.count("\t") > head.count(",") else ","
        reader = csv.reader(
            text, delimiter=delimiter, quoting=csv.QUOTE_NONE if delimiter == "\t" else csv.QUOTE_MINIMAL
        )
        for cells in reader:
            yield Record(reader.line_num, [cell.strip().strip('"') for cell in cells[:MAX_CELLS]], {})
