"""The file that rules are proposed with: rows of knowledge points as CSV or workbook, or one row as TOML."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from features.errors import InputError
from features.outside import parse_toml, plain_line, read_text
from fraud.references.headers import role_of
from fraud.references.records import read_sheets
from fraud.rules.executors.any_family.named_limits import KINDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fraud.references.records import Record, Sheetful

# What a row may state as limits.
LIMITS = tuple(column for columns in KINDS.values() for column in columns)
# What else it may say: its rule's code, items and their name, the published rule class and its words, on what grounds.
_OWN = ("code", "items", "name", "rule", "basis", "source", "official_code", "effective_from", "effective_to")
_PUBLISHED = ("logic", "gender", "period", "daily", "remark", "prior", "diagnosis", "code_b")
KEYS = (*_OWN, *_PUBLISHED, *LIMITS)
# Published headings whose meaning has another name in a row.
_RENAMED = {"code": "items"}
# Columns of published sheets that say nothing of a rule.
_IGNORED = ("seq", "count", "name_b")
_MAX_BYTES, _MOST_ROWS, _FEWEST = 262_144, 1_000, 2
_LOOK_AHEAD = 20
_HINT = "name the columns as docs/references.md does"


@dataclass(frozen=True)
class ProposedRow:
    """One row, as it was given.

    Parameters
    ----------
    where : str
        File and row, for messages.
    values : mapping of str to str
        By `KEYS`; lists are joined by `|`. What is empty is left out, save limits, which an empty cell states wrongly.
    """

    where: str
    values: Mapping[str, str]


def read_rows(path: Path) -> tuple[ProposedRow, ...]:
    """Read the rows of a file, in its order.

    Parameters
    ----------
    path : Path
        `.toml`: one row. `.csv`, `.txt` or `.xlsx`: one row per line under a header, which names the columns as
        `KEYS` or as the published spreadsheets do.

    Raises
    ------
    InputError
        It cannot be read, holds no row, or has a column that is neither.
    """
    name = plain_line(path.name)
    if path.suffix.lower() == ".toml":
        text = read_text(path, "proposed row", "give a readable TOML file", _MAX_BYTES)
        return (_of_toml(parse_toml(text, "proposed row", f"{name}: not TOML", "mend the file"), name),)
    found: list[ProposedRow] = []
    with tempfile.TemporaryDirectory(prefix="proposals-") as staging:
        for sheet in read_sheets(path, Path(staging)):
            found += _of_sheet(sheet)
    if not found:
        raise InputError.of("proposed rows", f"of {name!r}", "no header, or no row under it", _HINT)
    return tuple(found)


def _of_toml(data: dict[str, Any], name: str) -> ProposedRow:
    limits = data.pop("limits", {})
    if not isinstance(limits, dict):
        raise InputError.of("proposed row", name, "limits is no table", "write [limits]")
    clash = sorted(set(limits) & set(data))
    if clash:
        raise InputError.of("proposed row", name, f"{', '.join(clash)} twice", "say it once")
    for key in (*data, *limits):
        if key not in KEYS:
            raise InputError.unknown_name("proposed row: key", f"in {name}", plain_line(key)[:60], KEYS)
    return ProposedRow(name, _kept({key: _text(value, key, name) for key, value in {**data, **limits}.items()}))


def _text(value: Any, key: str, name: str) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(each, str | int) for each in value):
        return "|".join(str(each) for each in value)
    if isinstance(value, dict | list):
        raise InputError.of("proposed row", name, f"{key} is neither a text, a number nor a list of texts", _HINT)
    return str(value)


def _of_sheet(sheet: Sheetful) -> Iterable[ProposedRow]:
    columns: dict[int, str] | None = None
    for record in sheet.records:
        where = plain_line(f"{sheet.file}{f' / {sheet.title}' if sheet.title else ''}, row {record.number}")
        if columns is None:
            columns = _header(record, where)
            if columns is None and record.number >= _LOOK_AHEAD:
                return
        elif any(record.cells):
            if record.number > _MOST_ROWS + _LOOK_AHEAD:
                raise InputError.of(
                    "proposed rows", where, f"more than {_MOST_ROWS:,}", "import them: `fraud references import`"
                )
            told = {key: record.cells[at] if at < len(record.cells) else "" for at, key in columns.items()}
            yield ProposedRow(where, _kept(told))


def _header(record: Record, where: str) -> dict[int, str] | None:
    """Return what its columns are, where a row names at least two that are known."""
    found: dict[int, str] = {}
    unknown: list[str] = []
    for at, cell in enumerate(record.cells):
        role = role_of(cell)
        key = cell if cell in KEYS else _RENAMED.get(role, role) if role else None
        if key is not None:
            found[at] = key
        elif cell:
            unknown.append(cell)
    if len(found) < _FEWEST:
        return None
    if unknown:
        raise InputError.unknown_name("proposed rows: column", f"in {where}", plain_line(unknown[0])[:60], KEYS)
    twice = sorted({key for key in found.values() if list(found.values()).count(key) > 1 and key not in _IGNORED})
    if twice:
        raise InputError.of("proposed rows", where, f"{', '.join(twice)} twice", "leave one of them out")
    return {at: key for at, key in found.items() if key not in _IGNORED}


def _kept(values: Mapping[str, str]) -> dict[str, str]:
    """Leave out what is empty; of limits, where another is stated: a column that other rows of a table use."""
    filled = {key: text for key, text in values.items() if text.strip()}
    if any(key in LIMITS for key in filled) or "rule" in filled:
        return filled
    return {**filled, **{key: "" for key in values if key in LIMITS}}
