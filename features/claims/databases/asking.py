"""What all databases are asked alike: one `select`, its rows as texts, its refusals without a cell or a password."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import Any

    import pyarrow as pa

    from features.claims.mapping.database import DatabaseSource

# Rows in memory at a time.
BATCH = 20_000


@dataclass(frozen=True)
class Room:
    """Where a database is opened: the source folder, a folder to spill into, and the zone that the mapping declares."""

    folder: Path
    spill: Path
    zone: str | None


def query_sql(source: DatabaseSource, quote: str, cells: str = "*") -> str:
    """Return the one statement that draws a source: a `select` from the query or table, in the order that it names.

    Parameters
    ----------
    source : DatabaseSource
        The source.
    quote : str
        What the database puts around names.
    cells : str
        What is selected of it.

    Examples
    --------
    >>> from features.claims.mapping.database import DatabaseSource
    >>> query_sql(DatabaseSource(database="mysql", service="s", table="a.b", order_by=["id"]), "`")
    'select * from `a`.`b` as drawn order by drawn.`id`'
    """
    if source.table is not None:
        drawn = ".".join(_named(part, quote) for part in source.table.split("."))
    else:
        # The line end closes a comment at the end of the query.
        drawn = f"({(source.query or '').strip().removesuffix(';')}\n)"
    order = ", ".join(f"drawn.{_named(column, quote)}" for column in source.order_by)
    return f"select {cells} from {drawn} as drawn{f' order by {order}' if order else ''}"


def _named(name: str, quote: str) -> str:
    return quote + name.replace(quote, quote * 2) + quote


def drawn(
    cursor: Any, sql: str | bytes, failing: type[Exception], refuse: Callable[[Any], InputError]
) -> pa.RecordBatchReader:
    """Run a query on a driver's cursor, and return its rows as Arrow texts, `BATCH` at a time.

    Parameters
    ----------
    cursor : cursor of DB-API 2.0
        That keeps rows on the server; closed at the end.
    sql : str or bytes
        The query.
    failing : type
        What the driver raises.
    refuse : callable
        What is said of it.
    """

    def batches() -> Iterator[Sequence[Sequence[object]]]:
        try:
            while rows := cursor.fetchmany(BATCH):
                yield rows
        except failing as error:
            raise refuse(error) from None
        finally:
            cursor.close()

    try:
        cursor.execute(sql)
    except failing as error:
        cursor.close()
        raise refuse(error) from None
    return texts_of([column[0] for column in cursor.description], batches())


def texts_of(columns: Sequence[str], batches: Iterable[Sequence[Sequence[object]]]) -> pa.RecordBatchReader:
    """Return rows as Arrow texts; bytes are read as UTF-8, else written as hexadecimal digits."""
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in columns])

    def made() -> Iterator[pa.RecordBatch]:
        for rows in batches:
            cells = [[_text(cell) for cell in column] for column in zip(*rows, strict=True)]
            yield pa.record_batch([pa.array(column, pa.string()) for column in cells], schema=schema)

    return pa.RecordBatchReader.from_batches(schema, made())


def _text(cell: object) -> str | None:
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bytes):
        try:
            return cell.decode()
        except UnicodeDecodeError:
            return f"\\x{cell.hex()}"
    return str(cell)


def connection_text(source: DatabaseSource, where: str) -> str:
    """Return the connection that an environment variable holds.

    Raises
    ------
    InputError
        It is not set.
    """
    text = os.environ.get(str(source.connection_env), "").strip()
    if not text:
        hint = "set it to the connection, or name a `service`"
        raise InputError.of(f"environment variable '{source.connection_env}'", where, "not set", hint)
    return text


def no_driver(where: str, extra: str) -> InputError:
    """Say which driver is missing."""
    hint = f"pip install 'claims-fraud-toolkit[{extra}]'"
    return InputError.of("database", where, f"no driver for {extra} is installed", hint)


def no_connection(where: str, error: BaseException, secrets: Collection[str]) -> InputError:
    """Say why a database cannot be reached, without what is secret in the connection."""
    told = first_line(error)
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        told = told.replace(secret, "…")
    return InputError.of("database", where, f"cannot be reached ({told})", "check the connection, and who may read")


def refused(where: str, told: str) -> InputError:
    """Say that a database did not answer a query."""
    hint = "write one `select` that the database answers; try it there"
    return InputError.of("query", where, plain_line(told)[:300], hint)
