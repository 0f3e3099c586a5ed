"""The text of a store's catalogue: what may stand in it, and nothing else is believed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from features.claims.contract import CODE_COLUMNS, TABLES
from features.claims.registers.registers import REGISTERS
from features.claims.store.part import CELLS, Part
from features.errors import InputError
from features.outside import parse_json, plain_line, read_text, refusing
from features.vocabulary.months import MONTH_PATTERN

if TYPE_CHECKING:
    from pathlib import Path

# 1: without a word of its format. 2: says it; all else is as before. 3: registers have months from which they were
# known, and days; a register of an earlier format was known from always; counts of relations.
FORMAT = 3
_GROUPS = frozenset({"tables", "columns", "codes", "quarantine", "days", "relations"})
# Of format 3.
_LATER = ("days", "relations")
_FOLDERS = {"tables": "parts", "codes": "codes", "quarantine": "quarantine", "days": "days"}
_PART_KEYS = frozenset({"month", "file", "rows"})
_DIGEST = re.compile(r"[0-9a-f]{32}")
_SOURCE = re.compile(rf"[0-9a-f]{{1,64}}({CELLS})?")
_KNOWN_FROM = re.compile(f"({MONTH_PATTERN.pattern})?")
_NAMES = {"codes": CODE_COLUMNS, "days": REGISTERS}
# A part a day of every table over ten years stays below.
_MOST_BYTES = 64 * 1024 * 1024
_HINT = "restore it from a backup, or ingest every source into a new workspace"


def parse_catalog(path: Path) -> dict[str, Any]:
    """Read a catalogue file into its format and its groups.

    Returns
    -------
    dict
        `format` (int); `tables`, `columns`, `codes`, `quarantine` and `days`: tuples by name; `relations`: counts by
        file.

    Raises
    ------
    InputError
        It is larger than any catalogue, no JSON, names a file outside of the store, names one twice, or says what no
        catalogue of this format says; or a newer version of the toolkit wrote it.
    """
    place = f"at {plain_line(str(path.parent))}"
    what, where = "claims store", f"{place}: unreadable catalogue"
    data = parse_json(read_text(path, "catalogue", _HINT, _MOST_BYTES), what, where, _HINT)
    with refusing(what, where, _HINT):
        if not isinstance(data, dict):
            raise ValueError("no object")  # noqa: TRY004 - refused as a value
        number = _format(data.pop("format", {"store": "1"}))
    if number > FORMAT:
        got = f"its catalogue is of format {number}, made by a newer version; this one knows {FORMAT}"
        raise InputError.of(what, place, got, "upgrade the toolkit")
    with refusing(what, where, _HINT):
        if number < FORMAT:
            if found_later := sorted(set(data) & set(_LATER)):
                raise ValueError(f"it must not have {', '.join(found_later)}")
            data |= {group: {} for group in _LATER}
        if set(data) != _GROUPS:
            raise ValueError(f"it must have {', '.join(sorted(_GROUPS))}, and nothing else")
        found: dict[str, Any] = {"format": number, "columns": _columns(_object(data["columns"], "columns"))}
        for group in _FOLDERS:
            found[group] = _parts(group, _object(data[group], group))
        # Equal snapshots of a register, and equal rows of two sources in quarantine, are one file.
        files = [(part.file, part.month) for group in _FOLDERS for parts in found[group].values() for part in parts]
        if len(files) != len(set(files)):
            raise ValueError("it names a file twice")
        found["relations"] = _relations(_object(data["relations"], "relations"), found["tables"])
    return found


def _format(given: object) -> int:
    # By name and as text, so that whoever reads the file as groups of lists still can.
    number = given.get("store") if isinstance(given, dict) else given
    if not re.fullmatch(r"[1-9][0-9]{0,5}", str(number)):
        raise ValueError("its format is no number")
    return int(str(number))


def _object(value: object, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"'{where}' is no object")  # noqa: TRY004 - refused as a value
    return value


def _columns(data: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    for name, columns in data.items():
        _check_name(name, TABLES, "columns")
        if not isinstance(columns, list) or not all(isinstance(column, str) for column in columns):
            raise ValueError(f"columns of {name} are no list of names")
        unknown = [column for column in columns if column not in TABLES[name].by_name]
        if unknown:
            raise ValueError(f"{name} has no column {plain_line(unknown[0])!r:.80}")
    return {name: tuple(columns) for name, columns in data.items()}


def _relations(data: dict[str, Any], tables: dict[str, tuple[Part, ...]]) -> dict[str, dict[str, tuple[int, int]]]:
    files = {part.file for parts in tables.values() for part in parts}
    for file, counts in data.items():
        if file not in files:
            raise ValueError(f"'relations' of {plain_line(file)!r:.120}, which is no file of a table")
        for name, given in _object(counts, "relations").items():
            if not isinstance(given, list) or [type(n) for n in given] != [int, int]:
                raise ValueError(f"'relations' of {plain_line(name)!r:.80} are no two whole numbers")
            if not 0 <= given[1] <= given[0] < 2**63:
                raise ValueError(f"'relations' of {plain_line(name)!r:.80} has more rows failing than checked")
    return {file: {name: (n, failing) for name, (n, failing) in counts.items()} for file, counts in data.items()}


def _parts(group: str, data: dict[str, Any]) -> dict[str, tuple[Part, ...]]:
    found = {}
    for name, parts in data.items():
        _check_name(name, _NAMES.get(group, TABLES), group)
        if not isinstance(parts, list):
            raise ValueError(f"'{group}' of {name} is no list")  # noqa: TRY004 - refused as a value
        found[name] = tuple(_part(group, name, part) for part in parts)
    return found


def _check_name(name: str, known: Any, group: str) -> None:
    if name not in known:
        raise ValueError(f"'{group}' names {plain_line(name)!r:.80}, which the contract does not have")


def _part(group: str, name: str, data: object) -> Part:
    """Return a part whose path is the one that its group, table, month and digest give: no other can be meant."""
    if not isinstance(data, dict) or set(data) != _PART_KEYS:
        raise ValueError(f"a part of {name} must have {', '.join(sorted(_PART_KEYS))}, and nothing else")
    month, file, rows = data["month"], data["file"], data["rows"]
    if not isinstance(month, str) or not isinstance(file, str):
        raise ValueError(f"month and file of a part of {name} must be texts")  # noqa: TRY004 - refused as a value
    if type(rows) is not int or not 0 < rows < 2**63:
        raise ValueError(f"rows of a part of {name} must be a whole number above 0")
    has_month = group == "tables" and TABLES[name].has_month
    if not _month_of(group, name).fullmatch(month):
        raise ValueError(f"a part of {name} has an impossible month {plain_line(month)!r:.80}")
    folder, _, digest = file.removesuffix(".parquet").rpartition("/")
    expected = "/".join([_FOLDERS[group], name, *([month] if has_month else [])])
    if folder != expected or not _DIGEST.fullmatch(digest) or not file.endswith(".parquet"):
        raise ValueError(f"a part of {name} is said to lie at {plain_line(file)!r:.120}, where no part of it lies")
    return Part(month=month, file=file, rows=rows)


def _month_of(group: str, name: str) -> re.Pattern[str]:
    """Return what may stand as the month of a part."""
    if group == "quarantine":
        return _SOURCE
    if group == "codes":
        return re.compile("")
    if TABLES[name].has_month:
        return MONTH_PATTERN
    return _KNOWN_FROM if name in REGISTERS else re.compile("")
