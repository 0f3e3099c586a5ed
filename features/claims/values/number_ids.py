"""Identifiers that became numbers on their way: digits lost, points added."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from features.claims.values.grammar import is_all
from features.engine import path_list, quoted
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as MappingType
    from pathlib import Path

    from features.claims.contract import Column, Table
    from features.claims.mapping import Block
    from features.engine import DuckDBEngine

# Codes of catalogues: a point may be part of them, as in ICD-9 250.0.
_CATALOGUES = frozenset({"item", "diagnosis"})
# Further columns that hold an id, beside those that end so.
_IDS = frozenset({"line_serial", "original_line_serial", "trace_code", "parent_code", "child_code"})
# 1.10101E+17; an exponent alone (12E5) may be a code.
_LOST = r"[+-]?([0-9]+[Ee][+]|[0-9]*\.[0-9]*[Ee][+-]?)[0-9]{1,3}"
_POINT = r"[+-]?[0-9]+\.0*"
# How the reasons end that hold against such ids.
NUMBER_REASONS = ("it was written as a rounded number", "an id that was written as a number")
_FLOATS = {"DOUBLE", "FLOAT", "FLOAT16"}
_BARE = re.compile(r'\s*(?:"((?:[^"]|"")+)"|(\w+))\s*')


def is_id(column: Column) -> bool:
    """Whether a column holds the id of somebody or something, which is text even where it looks like a number.

    Examples
    --------
    >>> from features.claims.contract import TABLES
    >>> [name for name, column in TABLES["diagnoses"].by_name.items() if is_id(column)]
    ['settlement_id']
    """
    if column.type != "string" or column.domain in _CATALOGUES:
        return False
    return column.domain is not None or column.name.endswith("_id") or column.name in _IDS


def id_faults(column: Column, text: str) -> list[tuple[str, str]]:
    """Return conditions under which an id is none, with their reasons, as `features.claims.values.faults` does."""
    if not is_id(column) and column.domain is None:
        return []
    lost = quoted(f"{column.name}: the id lost its digits, it was written as a rounded number")
    point = quoted(f"{column.name}: an id that was written as a number")
    pattern, reason = (f"{_LOST}|{_POINT}", f"if({text} ~ '[Ee]', {lost}, {point})") if is_id(column) else (_LOST, lost)
    # Looking for a sign is cheap, and hardly any id has one.
    return [(f"case when contains({text}, '.') or contains({text}, '+') then {is_all(text, pattern)} end", reason)]


def refuse_number_ids(
    engine: DuckDBEngine,
    table: Table,
    blocks: Iterable[Block],
    files: MappingType[str, Iterable[Path]],
) -> None:
    """Refuse an id that is taken as it is from a column of numbers: whoever wrote it may have lost zeros and digits.

    Parameters
    ----------
    engine : DuckDBEngine
        Reads the types of Parquet files.
    table : Table
        What the blocks give rows of.
    blocks : iterable of Block
        An expression of more than a column is what somebody has thought about, and taken.
    files : mapping of str to iterable of Path
        Of each source.

    Raises
    ------
    InputError
        A Parquet column of a floating type that holds a value is an id.
    """
    floats: dict[str, set[str]] = {}
    for block in blocks:
        taken = {name: _column(text) for name, text in block.columns.items() if is_id(table.by_name[name])}
        if not any(taken.values()):
            continue
        if block.source not in floats:
            paths = [path for path in files.get(block.source, ()) if _is_parquet(path)]
            floats[block.source] = {name.lower() for path in paths for name in _floats(engine, path)}
        for name, column in taken.items():
            if column is not None and column.lower() in floats[block.source]:
                got = "a binary number: leading zeros and last digits of an id may be lost"
                hint = "write it as text, or map it with `replace(…, '.0', '')` where nothing is lost"
                where = f"of table '{table.name}', taken from '{plain_line(column)}'"
                raise InputError.of(f"column '{name}'", where, got, hint)


def _column(expression: str) -> str | None:
    found = _BARE.fullmatch(expression)
    return (found[1] or found[2]).replace('""', '"') if found else None


def _is_parquet(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as content:
        return content.read(4) == b"PAR1"


def _floats(engine: DuckDBEngine, path: Path) -> list[str]:
    """Columns of a floating type that hold a value; pandas writes such a type where all values are missing."""
    reader = f"read_parquet({path_list([path])}, hive_partitioning = false)"
    described = engine.rows(f"describe select * from {reader}")
    floats = [str(row[0]) for row in described if str(row[1]) in _FLOATS]
    return [name for name in floats if engine.rows(f"select 1 from {reader} where not isnan({_quote(name)}) limit 1")]


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
