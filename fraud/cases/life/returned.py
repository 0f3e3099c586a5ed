"""Read what comes back from investigators: the workbook, the page's download, or a CSV of the contract's labels."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import zipfile
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from fraud.cases.sheet_words import SHEET, WORDS, code_of
from fraud.cases.summary_columns import column_named

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

_LONE_DATE = re.compile(r"(\d{4})[/.年](\d{1,2})[/.月](\d{1,2})日?")
_HINT = "give the returned workbook (.xlsx), the page's download (.csv or .json), or a CSV of labels"
# A returned file of this size is no list of decisions.
_MAX_BYTES = 200_000_000


@dataclass(frozen=True)
class Returned:
    """The rows of a returned file as texts, under the contract's names and words.

    Parameters
    ----------
    rows : tuple of dict of str to str
        One per returned row; empty cells are left out.
    places : tuple of str
        Where each row stands in the file.
    columns : tuple of str
        Columns of the file.
    """

    rows: tuple[dict[str, str], ...]
    places: tuple[str, ...]
    columns: tuple[str, ...]


def read_returned(file: Path) -> Returned:
    """Read the rows of a returned workbook, download or CSV.

    Raises
    ------
    InputError
        There is no such file, or it cannot be read as one of the three kinds.
    """
    if not file.is_file():
        raise InputError.of("feedback", f"{str(file)!r}", "no such file", _HINT)
    if file.stat().st_size > _MAX_BYTES:
        raise InputError.of("feedback", f"{file.name!r}", "larger than 200 MB", _HINT)
    readers = {".xlsx": _read_workbook, ".json": _read_json, ".csv": _read_csv}
    reader = readers.get(file.suffix.lower())
    if reader is None:
        raise InputError.of("feedback", f"{file.name!r}", f"a file ending in {file.suffix!r}", _HINT)
    return reader(file)


def _read_workbook(file: Path) -> Returned:
    import openpyxl

    try:
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise InputError.of("workbook", f"{file.name!r}", f"not readable ({error})", "save it as .xlsx") from error
    try:
        name = next((n for n in (SHEET.en, SHEET.zh) if n in book.sheetnames), None)
        if name is None:
            got = f"no sheet '{SHEET.en}' or '{SHEET.zh}', but {', '.join(book.sheetnames)}"
            raise InputError.of("workbook", f"{file.name!r}", got, "return the pack's own workbook")
        book[name].reset_dimensions()  # written as rows came, so the extent in the file may be short
        rows = [list(row) for row in book[name].iter_rows(values_only=True)]
    finally:
        book.close()
    header = [str(cell or "") for cell in rows[0]] if rows else []
    while header and not header[-1].strip():
        header.pop()
    return _table(file, header, ((f"{name} row {n}", row) for n, row in enumerate(rows[1:], start=2)))


def _read_csv(file: Path) -> Returned:
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes on a Chinese desktop.
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise InputError.of("file", f"{file.name!r}", "neither UTF-8 nor GB 18030", "save it as UTF-8") from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError.of("file", f"{file.name!r}", f"not readable CSV ({error})", "export it again") from error
    return _table(file, rows[0] if rows else [], ((f"row {n}", row) for n, row in enumerate(rows[1:], start=2)))


def _read_json(file: Path) -> Returned:
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"))
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise InputError.of("file", f"{file.name!r}", f"not readable JSON ({error})", "download it again") from error
    rows = data.get("dispositions") if isinstance(data, dict) else data
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InputError.of("file", f"{file.name!r}", "no list of dispositions", "download it again from the page")
    header = list(dict.fromkeys(str(key) for row in rows for key in row))
    return _table(file, header, ((f"entry {n}", [row.get(key) for key in header]) for n, row in enumerate(rows, 1)))


def _table(file: Path, header: Sequence[str], rows: Iterable[tuple[str, Sequence[Any]]]) -> Returned:
    columns = [column_named(heading) for heading in header]
    if not any(columns):
        raise InputError.of("file", f"{file.name!r}", "empty", _HINT)
    if "" in columns or len(set(columns)) < len(columns):
        raise InputError.of("header", f"of {file.name!r}", "a column without a name, or one twice", "name each once")
    kept, places = [], []
    for place, cells in rows:
        if not any(_text("", cell) for cell in cells):
            continue
        if any(_text("", cell) for cell in cells[len(columns) :]):
            raise InputError.of("row", f"{file.name!r} {place}", "more cells than the header", "export it again")
        texts = ((name, _text(name, cell)) for name, cell in zip(columns, cells, strict=False))
        kept.append({name: text for name, text in texts if text})
        places.append(place)
    return Returned(tuple(kept), tuple(places), tuple(columns))


def _text(column: str, cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime) and column.endswith("_date"):
        return cell.date().isoformat()
    if isinstance(cell, float):
        return _number(cell, is_money=column.endswith("_amount"))
    text = str(cell).strip()
    if column.endswith("_date") and (found := _LONE_DATE.fullmatch(text)):
        year, month, day = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return code_of(column, text) if column in WORDS else text


def _number(value: float, *, is_money: bool) -> str:
    """Write a cell's number; money to the cent only where nothing but binary dust is lost."""
    if is_money and math.isfinite(value) and abs(value - round(value, 2)) < 1e-6:
        return f"{round(value, 2):.2f}"
    return str(int(value)) if value.is_integer() else repr(value)
