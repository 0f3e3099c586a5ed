"""Read returned decisions from CSV and JSON: where the table begins, and its rows by their places."""

from __future__ import annotations

import csv
import io
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.outside import parse_json, refusing
from fraud.cases.cell_text import BadCell
from fraud.cases.life.found_table import MOST_TITLE_ROWS, FoundTable, is_heading, place_of_heading
from fraud.cases.life.sheet_scan import MAX_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

_AGAIN = "export it again as CSV in UTF-8"
# Decisions that people made one by one are not more; tables of labels go through the ingest.
MAX_ROWS = 20_000
_TOO_MANY = f"more than {MAX_ROWS:,} rows"
_INGEST = "tables of labels go through `fraud ingest`"


def read_csv(content: bytes, where: str) -> FoundTable:
    """Return the table of a CSV file, its rows as they are asked for.

    Raises
    ------
    InputError
        The bytes are no CSV of UTF-8 or GB 18030, or go beyond a limit.
    """
    reader = csv.reader(io.StringIO(_decoded(content, where), newline=""), strict=True)
    rows = _csv_rows(reader, where)
    first: list[tuple[str, list[str]]] = []
    for row in islice(rows, MOST_TITLE_ROWS):
        first.append(row)
        if is_heading(row[1]):
            break
    place = place_of_heading([cells for _, cells in first])
    header = first[place][1] if first else []
    above = [f"cell {n} of {told}" for told, cells in first[:place] for n, cell in enumerate(cells, 1) if cell.strip()]
    left = chain(first[place + 1 :], rows)
    whole = ((told, [_whole(cell, len(header)) for cell in cells]) for told, cells in left)
    named = list(header)
    while named and not named[-1].strip():
        named.pop()
    return FoundTable(named, whole, lambda told, n: f"cell {n} of {told}", tuple(above), most_cells=len(header))


def _csv_rows(reader: Any, where: str) -> Iterator[tuple[str, list[str]]]:
    number = 0
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
        yield f"row {number}", row


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


def read_json(content: bytes, where: str) -> FoundTable:
    """Return the entries as a table of their keys.

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
    rows = [(f"entry {n}", [entry.get(name) for name in header]) for n, entry in enumerate(entries, start=1)]
    return FoundTable(header, rows, lambda told, number: f"value {number} of {told}")
