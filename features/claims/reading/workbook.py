"""A sheet of a workbook as a table of texts: what its cells show, in the contract's grammar."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from features.claims.reading.columns import check_columns, refuse_title
from features.claims.reading.damaged import DamagedLines
from features.claims.reading.totals import TOTALS, total_word
from features.claims.reading.workbook_parts import SheetPart, copy_sheet, holds_cells, sheets_of
from features.errors import InputError
from features.outside import plain_line, refusing

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from features.claims.mapping.form import Form

_BATCH = 50_000
_LOOK_AHEAD = 20
_LAST_ROWS = 5
# Workbooks keep fifteen digits of a number; what had more has lost them.
_DIGITS = 15
NO_TEXT = "\0"
_SECOND = dt.timedelta(milliseconds=1)

Row = list[str | None]


@dataclass
class SheetTable:
    """A table read off a sheet: its rows = skipped + header + rows + damaged + blank.

    Parameters
    ----------
    path : Path
        A Parquet file of its rows.
    damaged : Path, optional
        Rows of totals that were set aside, as `DamagedLines`.
    n_lines, n_records, n_damaged, n_blank, n_skipped, n_header_lines, n_further : int
        Rows of the sheet, as those of `Sifted`.
    encoding : str
        None.
    """

    path: Path
    damaged: Path | None = None
    n_lines: int = 0
    n_records: int = 0
    n_damaged: int = 0
    n_blank: int = 0
    n_skipped: int = 0
    n_header_lines: int = 1
    n_further: int = 0
    encoding: str = ""


def sheet_table(path: Path, staging: Path, form: Form, table: str | None, name: str) -> SheetTable:
    """Read the sheet that is meant.

    Parameters
    ----------
    path : Path
        A workbook.
    staging : Path
        Folder and beginning of names for what is made.
    form : Form
        Which sheet, and which of its rows are none.
    table : str, optional
        Contract table whose sheet it is where one is named so.
    name : str
        The file, for errors.

    Raises
    ------
    InputError
        It cannot be read, or which sheet is meant cannot be told.
    """
    where = plain_line(f"'{name}'")
    title, sheet = _chosen(path, sheets_of(path, where), form, table, where)
    name = f"{name}/{title}"
    where = plain_line(f"'{name}'")
    copied = staging.with_name(f"{staging.name}_sheet.xlsx")
    scan = copy_sheet(path, copied, sheet, where)
    rows = _Rows(sheet_cells(copied, title, scan.no_values, where), form, name)
    found = SheetTable(staging.with_name(f"{staging.name}_sheet.parquet"))
    with DamagedLines(staging.with_name(f"{staging.name}_damaged.parquet"), name) as damaged:
        rows.write(found, damaged)
    copied.unlink()
    found.n_damaged = damaged.n
    found.damaged = damaged.path if damaged.n else None
    if found.n_lines != found.n_skipped + found.n_header_lines + found.n_records + found.n_damaged + found.n_blank:
        raise AssertionError(f"rows of a sheet were lost: {found}")
    return found


def _chosen(
    path: Path, sheets: Mapping[str, SheetPart], form: Form, table: str | None, where: str
) -> tuple[str, SheetPart]:
    """Return the sheet that the mapping says; else that of the table's name; else the only shown one with cells."""
    names = list(sheets)
    listed = plain_line(", ".join(repr(name) for name in names[:8]))[:300]
    if form.sheet is not None:
        place = (
            form.sheet - 1 if isinstance(form.sheet, int) else names.index(form.sheet) if form.sheet in names else -1
        )
        if not 0 <= place < len(names):
            raise InputError.of("file", where, f"no sheet {form.sheet!r}, but {listed}", "mend `sheet` in the mapping")
        return names[place], sheets[names[place]]
    named = [name for name in names if table and name.strip().lower() == table]
    shown = named or [name for name in names if not sheets[name].is_hidden]
    if len(shown) > 1:
        shown = [name for name in shown if holds_cells(path, sheets[name], where)] or shown[:1]
    if len(shown) != 1:
        listed = plain_line(", ".join(repr(name) for name in shown[:8]))[:300]
        got = f"{len(shown)} sheets that may be meant: {listed}"
        raise InputError.of("file", where, got, 'name one: `sheet = "…"` in the mapping')
    return shown[0], sheets[shown[0]]


def sheet_cells(path: Path, title: str, no_values: Mapping[tuple[int, int], str], where: str) -> list[Row]:
    """Return the texts of all rows of a sheet from its first, as wide as its widest.

    Parameters
    ----------
    path : Path
        A workbook as `copy_sheet` made it.
    title : str
        The sheet.
    no_values : mapping
        Its cells without a value, by row and column from 0; their texts begin with `NO_TEXT`.
    where : str
        The file, for errors.
    """
    import python_calamine as calamine

    with (
        refusing("file", f"{where}: not a readable workbook", "save it again as .xlsx", calamine.CalamineError),
        calamine.CalamineWorkbook.from_path(path) as book,
    ):
        sheet = book.get_sheet_by_name(title)
        # Rows come from the first of the sheet, but cells from the first column that is filled.
        left: Row = [None] * (sheet.start or (0, 0))[1]
        known: dict[str | None, str | None] = {}
        rows = [left + [known.setdefault(text, text) for text in map(_text, row)] for row in sheet.iter_rows()]
    for (row, column), said in no_values.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = NO_TEXT + said
    return rows


def _text(cell: Any) -> str | None:
    """Return what a cell holds, as the contract's grammar has it; what begins with a NUL is no text."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, int | float):
        return _number(cell)
    if isinstance(cell, dt.datetime):
        near = cell + _SECOND
        return str(near.replace(microsecond=0) if near.microsecond <= 2 * _SECOND.microseconds else cell)
    return str(cell)


def _number(cell: float) -> str:
    if abs(cell) >= 10**_DIGITS:
        return f"{NO_TEXT}{cell!r}: digits lost, a number of more than {_DIGITS} digits"
    return str(int(cell)) if cell == int(cell) else format(Decimal(f"{cell:.{_DIGITS}g}"), "f")


class _Rows:
    """Rows of a sheet by what they are."""

    def __init__(self, rows: list[Row], form: Form, name: str) -> None:
        self._rows, self._name = rows, name
        self._filled = [at for at in range(form.skip_rows, len(rows)) if any(map(_is_filled, rows[at]))]
        self._end = self._filled[-form.skip_last] if 0 < form.skip_last <= len(self._filled) else len(rows)
        self._filled = [at for at in self._filled if at < self._end]
        if not self._filled:
            raise InputError.of("file", plain_line(f"'{name}'"), "empty", "export it again, with a header row")
        self._header = self._filled.pop(0)
        self._n_before = form.skip_rows
        header = rows[self._header]
        used = {at for row in self._filled for at, cell in enumerate(rows[row]) if _is_filled(cell)}
        # A column that nobody fills is room on the sheet, and no column of the table.
        self._columns = [at for at in range(len(header)) if at in used or _is_filled(header[at])]
        given = [_name(header[at]) for at in self._columns]
        if "" in given or len(given) == 1:
            following = [
                [_is_filled(rows[at][column]) for column in self._columns] for at in self._filled[:_LOOK_AHEAD]
            ]
            refuse_title(given, following, name, self._filled[0] if self._filled else 0)
        self.names = check_columns(given, name, ignore_unnamed=form.ignore_unnamed)

    def write(self, found: SheetTable, damaged: DamagedLines) -> None:
        """Write the rows as Parquet, set rows of totals aside, and count all."""
        totals = {at for at in self._filled[-_LAST_ROWS:] if total_word(cell or "" for cell in self._row(at))}
        for at in sorted(totals):
            raw = ",".join((cell or "").replace(NO_TEXT, "") for cell in self._row(at))
            damaged.add(at + 1, TOTALS, raw.encode())
        kept = [at for at in self._filled if at not in totals]
        self._write(found.path, kept)
        found.n_lines, found.n_records = len(self._rows), len(kept)
        found.n_skipped = self._n_before + len(self._rows) - self._end
        found.n_blank = self._end - self._n_before - 1 - len(self._filled)

    def _write(self, path: Path, kept: list[int]) -> None:
        import pyarrow as pa
        import pyarrow.parquet

        schema = pa.schema([(name, pa.string()) for name in self.names])
        with pyarrow.parquet.ParquetWriter(path, schema) as writer:
            for start in range(0, len(kept), _BATCH):
                batch = [self._row(at) for at in kept[start : start + _BATCH]]
                arrays = [pa.array([row[at] for row in batch], pa.string()) for at in range(len(self.names))]
                writer.write_table(pa.table(arrays, schema=schema))

    def _row(self, at: int) -> Row:
        row = self._rows[at]
        return [row[column] for column in self._columns]


def _is_filled(cell: str | None) -> bool:
    return bool(cell and cell.strip())


def _name(cell: str | None) -> str:
    return (cell or "").removeprefix(NO_TEXT).strip()
