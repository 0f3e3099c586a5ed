"""Read what comes back from investigators: the workbook, the page's download, or a CSV of the contract's labels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.claims import TABLES
from features.errors import InputError
from features.outside import MAX_TEXT_BYTES, plain_line, read_bytes
from fraud.cases.cell_text import text_of
from fraud.cases.life.read_texts import read_csv, read_json
from fraud.cases.life.read_workbook import read_workbook
from fraud.cases.life.sheet_scan import MAX_COLUMNS
from fraud.cases.summary_columns import SUMMARY_COLUMNS, column_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_HINT = "give the returned workbook (.xlsx), the page's download (.csv or .json), or a CSV of labels"
_READERS = {".xlsx": read_workbook, ".json": read_json, ".csv": read_csv}
# Evidence lines travel in the workbook; nobody decides more than this on a page.
_MAX_BYTES = {".xlsx": 200_000_000, ".json": MAX_TEXT_BYTES, ".csv": 2 * MAX_TEXT_BYTES}
# Others are told of, and mean nothing here.
KNOWN_COLUMNS = frozenset({*TABLES["labels"].by_name, *(column.name for column in SUMMARY_COLUMNS)})


@dataclass(frozen=True)
class ReturnedRow:
    """One row of a returned file.

    Parameters
    ----------
    cells : dict of str to str
        Texts under the contract's names and words; empty cells are left out.
    place : str
        Where it stands in the file.
    faults : tuple of str
        Cells that hold something which cannot be meant, and why.
    """

    cells: dict[str, str]
    place: str
    faults: tuple[str, ...] = ()

    @property
    def is_open(self) -> bool:
        """Whether no decision was taken yet."""
        return "decision" not in self.cells and not any(fault.startswith("decision:") for fault in self.faults)


@dataclass(frozen=True)
class Returned:
    """The rows of a returned file.

    Parameters
    ----------
    rows : tuple of ReturnedRow
        Those that hold anything.
    columns : tuple of str
        Columns of the file.
    source : str
        SHA-256 of the file.
    is_of_pack : bool
        Whether it is a pack's own workbook or page: each of its rows then names its case.
    """

    rows: tuple[ReturnedRow, ...]
    columns: tuple[str, ...]
    source: str
    is_of_pack: bool


def read_returned(file: Path) -> Returned:
    """Read the rows of a returned workbook, download or CSV.

    Raises
    ------
    InputError
        There is no such file, or it cannot be read as one of the three kinds within the limits.
    """
    suffix = file.suffix.lower()
    where = plain_line(repr(file.name))
    if suffix not in _READERS:
        raise InputError.of("feedback", where, f"a file ending in {plain_line(repr(file.suffix))}", _HINT)
    content = read_bytes(file, "feedback", _HINT, _MAX_BYTES[suffix])
    header, rows = _READERS[suffix](content, where)
    columns = _columns(where, header)
    kept = tuple(row for row in _rows(where, columns, rows) if row.cells or row.faults)
    is_of_pack = suffix == ".xlsx" or "pack_id" in columns
    return Returned(kept, columns, hashlib.sha256(content).hexdigest(), is_of_pack)


def _columns(where: str, header: Sequence[str]) -> tuple[str, ...]:
    columns = tuple(column_named(heading) for heading in header)
    if not any(columns):
        raise InputError.of("file", where, "empty", _HINT)
    if len(columns) > MAX_COLUMNS:
        raise InputError.of("header", f"of {where}", f"more than {MAX_COLUMNS} columns", _HINT)
    if "" in columns or len(set(columns)) < len(columns):
        raise InputError.of("header", f"of {where}", "a column without a name, or one twice", "name each once")
    return columns


def _rows(where: str, columns: Sequence[str], rows: Iterable[tuple[str, Sequence[Any]]]) -> Iterable[ReturnedRow]:
    for place, values in rows:
        cells, faults = {}, []
        for number, value in enumerate(values):
            column = columns[number] if number < len(columns) else ""
            try:
                text = text_of(column, value)
            except ValueError as error:
                text = ""
                if column in KNOWN_COLUMNS:
                    faults.append(f"{column}: {error}")
            if text and not column:
                raise InputError.of("row", f"{where} {place}", "more cells than the header", "export it again")
            if text:
                cells[column] = text
        yield ReturnedRow(cells, place, tuple(faults))
