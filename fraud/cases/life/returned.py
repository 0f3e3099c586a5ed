"""Read what comes back from investigators: the workbook, the page's download, or a CSV of the contract's labels."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

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

    from fraud.cases.life.found_table import FoundTable

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
    cells_outside : tuple of str
        Cells above or beside the table that hold something and mean nothing here.
    """

    rows: tuple[ReturnedRow, ...]
    columns: tuple[str, ...]
    source: str
    is_of_pack: bool
    cells_outside: tuple[str, ...] = ()


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
    table = _READERS[suffix](content, where)
    columns = _columns(where, table.header)
    outside = list(table.above)
    kept = tuple(row for row in _rows(table, columns, outside) if row.cells or row.faults)
    is_of_pack = suffix == ".xlsx" or "pack_id" in columns
    return Returned(kept, columns, hashlib.sha256(content).hexdigest(), is_of_pack, tuple(outside))


def _columns(where: str, header: Sequence[str]) -> tuple[str, ...]:
    columns = tuple(column_named(heading) for heading in header)
    if not any(columns):
        raise InputError.of("file", where, "empty", _HINT)
    if len(columns) > MAX_COLUMNS:
        raise InputError.of("header", f"of {where}", f"more than {MAX_COLUMNS} columns", _HINT)
    if "" in columns or len(set(columns)) < len(columns):
        raise InputError.of("header", f"of {where}", "a column without a name, or one twice", "name each once")
    return columns


def _rows(table: FoundTable, columns: Sequence[str], outside: list[str]) -> Iterable[ReturnedRow]:
    """Yield the rows of a table; cells beside it are added to those outside, and are a fault of a decided row."""
    for place, values in table.rows:
        cells: dict[str, str] = {}
        faults, beside = [], []
        for number, value in enumerate(values):
            column = columns[number] if number < len(columns) else ""
            try:
                text = text_of(column, value, table.epoch)
            except ValueError as error:
                text = ""
                if column in KNOWN_COLUMNS:
                    faults.append(f"{column}: {error}")
            if text and column:
                cells[column] = text
            elif text or _is_one_too_many(table, number):
                beside.append(table.cell_of(place, number + 1))
        outside += beside
        row = ReturnedRow(cells, place, tuple(faults))
        if not row.is_open and (cells or faults):
            told = tuple(f"{cell}: beside the table; move what it says into the note, or remove it" for cell in beside)
            row = replace(row, faults=(*row.faults, *told))
        yield row


def _is_one_too_many(table: FoundTable, number: int) -> bool:
    return table.most_cells is not None and number >= table.most_cells
