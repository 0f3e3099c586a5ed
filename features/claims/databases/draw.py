"""Draw the database sources of a mapping into Parquet files, each connection in one read-only transaction."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from features.claims.databases.asking import Room
from features.claims.databases.duckdb_file import open_duckdb
from features.claims.databases.mysql import open_mysql
from features.claims.databases.postgresql import open_postgresql
from features.claims.mapping.database import DatabaseSource
from features.claims.mapping.form import Form
from features.claims.reading.found import Found
from features.engine import path_list

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    import pyarrow as pa

    from features.claims.mapping import Mapping
    from features.engine import DuckDBEngine

    Ask = Callable[[DatabaseSource, str], pa.RecordBatchReader]
    Open = Callable[[DatabaseSource, str, Room], AbstractContextManager[Ask]]

_KINDS: dict[str, Open] = {"duckdb": open_duckdb, "mysql": open_mysql, "postgresql": open_postgresql}


def draw_databases(engine: DuckDBEngine, mapping: Mapping, folder: Path, staging: Path) -> tuple[Found, ...]:
    """Draw every source of a mapping that is a database.

    Parameters
    ----------
    engine : DuckDBEngine
        Puts rows in order that the database gave in none.
    mapping : Mapping
        What names them.
    folder, staging : Path
        The source folder; a folder of the caller for what is drawn.

    Returns
    -------
    tuple of Found
        One Parquet file a source, whose rows stand in the order that was asked for, else in that of their texts: the
        same rows give the same file, and a row keeps its number.

    Raises
    ------
    InputError
        There is no driver or no connection, or the database refuses the query.
    """
    named = [(name, each) for name, each in mapping.sources.items() if isinstance(each, DatabaseSource)]
    drawn = staging / "drawn"
    room = Room(folder, drawn / "spill", mapping.zone)
    if named:
        drawn.mkdir()
    found = []
    named.sort(key=lambda entry: _connection(entry[1]))
    for (kind, *_), sources in groupby(named, key=lambda entry: _connection(entry[1])):
        group = list(sources)
        first, source = group[0]
        with _KINDS[kind](source, f"in [sources.{first}]", room) as ask:
            for name, each in group:
                target = drawn / f"{name}.parquet"
                arrived = target if each.order_by else target.with_suffix(".arrived")
                _write(ask(each, f"in [sources.{name}]"), arrived)
                if not each.order_by:
                    engine.write_parquet(f"select * from read_parquet({path_list([arrived])}) order by all", target)
                    arrived.unlink()
                found.append(Found(name, (target,), Form(), folder=drawn))
    return tuple(sorted(found, key=lambda each: each.name))


def _connection(source: DatabaseSource) -> tuple[str, str, str, str]:
    return source.database, source.file or "", source.connection_env or "", source.service or ""


def _write(rows: pa.RecordBatchReader, target: Path) -> None:
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(target, rows.schema) as writer:
        for batch in rows:
            writer.write_batch(batch)
