"""Read returned decisions from CSV and JSON: header, and rows by their places."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.outside import parse_json, refusing
from fraud.cases.cell_text import BadCell
from fraud.cases.life.sheet_scan import MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_AGAIN = "export it again as CSV in UTF-8"
# Decisions that people made one by one are not more; tables of labels go through the ingest.
MAX_ROWS = 20_000
_TOO_MANY = f"more than {MAX_ROWS:,} rows"
_INGEST = "tables of labels go through `fraud ingest`"


def read_csv(content: bytes, where: str) -> tuple[list[str], Iterator[tuple[str, Sequence[Any]]]]:
    """Return the header of a CSV file, and its rows as they are asked for.

    Raises
    ------
    InputError
        The bytes are no CSV of UTF-8 or GB 18030, or go beyond a limit.
    """
    text = _decoded(content, where)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    with refusing("file", where, _AGAIN):
        header = next(reader, [])
    return header, _csv_rows(reader, len(header), where)


def _csv_rows(reader: Any, n_columns: int, where: str) -> Iterator[tuple[str, Sequence[Any]]]:
    number = 1
    while True:
        try:
            row = next(reader, None)
        except csv.Error as error:
            got = f"line {reader.line_num}: {error}"
            raise InputError.of("file", where, got, _AGAIN) from error
        if row is None:
            return
        number += 1
        if number > MAX_ROWS + 1:
            raise InputError.of("file", where, _TOO_MANY, _INGEST)
        yield f"row {number}", [_whole(cell, n_columns) for cell in row]


def _whole(cell: str, n_columns: int) -> str | BadCell:
    """Refuse a cell that holds further rows of the file: a quote was opened there and closed rows later."""
    if "\n" not in cell and "\r" not in cell:
        return cell
    if n_columns > 1 and any(line.count(",") >= n_columns - 1 for line in cell.splitlines()[1:]):
        return BadCell("holds further rows of the file; a quote stands open")
    return cell


def _decoded(content: bytes, where: str) -> str:
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise InputError.of("file", where, f"line {line}: a NUL byte, so it is no text in UTF-8 or GB 18030", _AGAIN)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        # What Excel writes on a Chinese desktop.
        try:
            return content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise InputError.of("file", where, "neither UTF-8 nor GB 18030", _AGAIN) from error


def read_json(content: bytes, where: str) -> tuple[list[str], list[tuple[str, Sequence[Any]]]]:
    """Return the names of the entries' keys, and the entries by their places.

    Raises
    ------
    InputError
        The bytes are no list of entries, or go beyond a limit.
    """
    again = "download it again"
    with refusing("file", where, again):
        text = content.decode("utf-8-sig")
    data = parse_json(text, "file", where, again)
    entries = data.get("dispositions") if isinstance(data, dict) else data
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError.of("file", where, "no list of dispositions", again)
    if len(entries) > MAX_ROWS:
        raise InputError.of("file", where, _TOO_MANY, _INGEST)
    names: dict[str, None] = {}
    for entry in entries:
        names.update(dict.fromkeys(entry))
        if len(names) > MAX_COLUMNS:
            break  # refused by the number of columns, as any header is
    header = list(names)
    return header, [(f"entry {n}", [entry.get(name) for name in header]) for n, entry in enumerate(entries, start=1)]
