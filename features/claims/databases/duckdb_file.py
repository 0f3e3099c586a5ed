"""A DuckDB file below the source folder: opened read-only, without extensions, and with nothing else in reach."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from features.claims.databases.asking import query_sql, refused
from features.claims.values.grammar import NO_TEXT
from features.engine import quoted
from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import pyarrow as pa

    from features.claims.databases.asking import Room
    from features.claims.mapping.database import DatabaseSource

_CONFIG: dict[str, str | bool | int | float | list[str]] = {
    "enable_external_access": "false",
    "autoinstall_known_extensions": "false",
    "autoload_known_extensions": "false",
    "memory_limit": "512MB",
}
# Types that a Parquet file keeps as they are; all others are written as their texts.
_KEPT = re.compile(r"U?(TINY|SMALL|BIG)?INT(EGER)?|VARCHAR|BOOLEAN|DOUBLE|FLOAT|DECIMAL.*|DATE|TIMESTAMP.*|BLOB")
_NESTED = re.compile(r".*\]|(STRUCT|MAP|UNION)\(.*", re.DOTALL)
# What speaks of the query; other errors may hold a cell.
_OF_QUERY = (duckdb.BinderException, duckdb.ParserException, duckdb.CatalogException, duckdb.PermissionException)


@contextmanager
def open_duckdb(
    source: DatabaseSource, where: str, room: Room
) -> Iterator[Callable[[DatabaseSource, str], pa.RecordBatchReader]]:
    """Open the file of a source, and give what draws sources from it.

    Raises
    ------
    InputError
        There is no such file, it is no database, or it is in use.
    """
    path = room.folder / str(source.file)
    if not path.is_file() or not path.resolve().is_relative_to(room.folder.resolve()):
        got = f"no file {plain_line(str(source.file))}"
        raise InputError.of("database", where, got, "put the file itself below the source folder")
    try:
        connection = duckdb.connect(str(path), read_only=True, config={**_CONFIG, "temp_directory": str(room.spill)})
        connection.execute(f"set timezone = {quoted(room.zone or 'UTC')}")
        connection.execute("set lock_configuration = true")
    except duckdb.Error as error:
        got = f"cannot be opened ({first_line(error).replace(str(path), path.name)})"
        raise InputError.of("database", where, got, "name a DuckDB file that nobody writes to") from error
    try:
        yield lambda asked, place: _ask(connection, asked, place)
    finally:
        connection.close()


def _ask(connection: duckdb.DuckDBPyConnection, source: DatabaseSource, where: str) -> pa.RecordBatchReader:
    import pyarrow as pa

    sql = query_sql(source, '"')
    with _answering(where):
        statements = connection.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise refused(where, "more than one statement, or no `select`")
        described = connection.execute(f"describe {sql}").fetchall()
        cells = ", ".join(_cell(str(name), str(kind)) for name, kind, *_ in described)
        rows = pa.RecordBatchReader.from_stream(connection.sql(query_sql(source, '"', cells)))

    def batches() -> Iterator[pa.RecordBatch]:
        with _answering(where):
            yield from rows

    return pa.RecordBatchReader.from_batches(rows.schema, batches())


@contextmanager
def _answering(where: str) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except _OF_QUERY as error:
        raise refused(where, f"not answered ({first_line(error)})") from None
    except (duckdb.Error, pa.ArrowException, OSError) as error:
        raise refused(where, f"not answered ({type(error).__name__})") from None  # its words may hold a cell


def _cell(name: str, kind: str) -> str:
    column = '"' + name.replace('"', '""') + '"'
    if _KEPT.fullmatch(kind):
        return column
    text = f"cast({column} as varchar)"
    return f"{NO_TEXT} || {text} as {column}" if _NESTED.fullmatch(kind) else f"{text} as {column}"
