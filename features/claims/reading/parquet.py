"""Parquet files of a source: their columns and rows, after a look at the index that a damaged file lacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.reading.columns import check_columns
from features.claims.reading.limits import MAX_COLUMNS, MAX_PARQUET_FOOTER
from features.claims.reading.reading import reading
from features.claims.values.parquet_texts import spelled
from features.engine import path_list
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from pathlib import Path

    from features.engine import DuckDBEngine

_TAIL = 8


def parquet_reader(engine: DuckDBEngine, path: Path, file: str) -> tuple[str, tuple[str, ...], int]:
    """Return SQL of the rows of a file, its columns, and how many rows it claims to have.

    Raises
    ------
    InputError
        The file is no whole Parquet, is encrypted, or its columns cannot be told apart.
    """
    _check_footer(path, file)
    reader = f"read_parquet({path_list([path])}, hive_partitioning = false, file_row_number = true)"
    with reading(engine, file):
        counted = engine.rows(f"select num_rows from parquet_file_metadata({path_list([path])})")
        schema = f"select name, num_children from parquet_schema({path_list([path])})"
        names = _top_level(engine.rows(f"{schema} limit {4 * MAX_COLUMNS}"))
        check_columns(names, file)
        described = engine.rows(f"describe select * exclude (file_row_number) from {reader}")
        columns = [(str(row[0]), str(row[1])) for row in described]
        reader = spelled(engine, reader, columns, path_list([path]))
    return reader, tuple(name for name, _ in columns), int(counted[0][0])


def _check_footer(path: Path, file: str) -> None:
    got = ""
    with path.open("rb") as content:
        size = content.seek(0, 2)
        content.seek(max(size - _TAIL, 0))
        tail = content.read(_TAIL)
        content.seek(0)
        head = content.read(4)
    footer = int.from_bytes(tail[:4], "little")
    if b"PARE" in (head, tail[4:]):
        got = "encrypted"
    elif head != b"PAR1" or tail[4:] != b"PAR1" or footer > size - _TAIL - len(head):
        got = "its beginning or end is missing"
    elif footer > MAX_PARQUET_FOOTER:
        got = f"an index of {footer:,} bytes"
    if got:
        where = plain_line(f"'{file}'")
        raise InputError.of("file", where, f"not readable Parquet ({got})", "export it again")


def _top_level(schema: list[tuple[object, ...]]) -> list[str]:
    """Names of the columns in a schema that is written depth first, its root before them."""
    names: list[str] = []
    inner: list[int] = []
    for name, children in schema[1:]:
        if not inner:
            names.append(str(name))
        else:
            inner[-1] -= 1
        n_children = children if isinstance(children, int) else 0
        if n_children:
            inner.append(n_children)
        while inner and not inner[-1]:
            inner.pop()
    return names
