"""PostgreSQL: one read-only snapshot for all that is drawn, by cursors on the server, as the texts that it writes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from features.claims.databases.asking import (
    connection_text,
    drawn,
    no_connection,
    no_driver,
    query_sql,
    refused,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    import pyarrow as pa

    from features.claims.databases.asking import Room
    from features.claims.mapping.database import DatabaseSource

_PATIENCE = 30
# Classes of SQLSTATE that speak of the query and of rights: the words of others may hold a cell.
_OF_QUERY = ("25", "42", "0A", "3F")


@contextmanager
def open_postgresql(
    source: DatabaseSource, where: str, room: Room
) -> Iterator[Callable[[DatabaseSource, str], pa.RecordBatchReader]]:
    """Connect as a source says, and give what draws sources from the database.

    Raises
    ------
    InputError
        There is no driver, no connection text, or no connection.
    """
    try:
        import psycopg
        from psycopg.conninfo import conninfo_to_dict
        from psycopg.types.string import TextLoader
    except ImportError as error:
        raise no_driver(where, "postgresql") from error
    text = connection_text(source, where) if source.connection_env else f"service={source.service}"
    try:
        told = conninfo_to_dict(text)
    except psycopg.Error:
        # The driver's words repeat the text.
        got = ValueError("what the variable holds is no connection of libpq")
        raise no_connection(where, got, ()) from None
    secrets = [text, *(str(value) for key, value in told.items() if "password" in key)]
    try:
        # Without a bound a host that does not answer is waited for as long as the network pleases.
        patience = int(told.get("connect_timeout") or _PATIENCE)
        connection = psycopg.connect(
            text, client_encoding="utf8", application_name="claims-fraud-toolkit", connect_timeout=patience
        )
    except (psycopg.Error, ValueError) as error:
        raise no_connection(where, error, secrets) from None
    with connection:
        connection.read_only = True
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        for oid in {oid for kind in psycopg.adapters.types for oid in (kind.oid, kind.array_oid) if oid}:
            connection.adapters.register_loader(oid, TextLoader)
        for setting, value in _SETTINGS.items():
            connection.execute("select set_config(%s, %s, true)", (setting, value))
        connection.execute("select set_config('timezone', %s, true)", (room.zone or "UTC",))
        yield lambda asked, place: _ask(connection, asked, place)
        connection.rollback()


# How values are written: dates YYYY-MM-DD, bytes in hexadecimal digits, floats by their shortest exact form.
_SETTINGS = {"datestyle": "ISO, YMD", "bytea_output": "hex", "extra_float_digits": "1", "intervalstyle": "iso_8601"}


def _ask(connection: Any, source: DatabaseSource, where: str) -> pa.RecordBatchReader:
    import psycopg

    # A cursor is declared for one statement that reads, and takes no second one.
    sql = query_sql(source, '"').encode()
    return drawn(connection.cursor("drawn"), sql, psycopg.Error, lambda error: refused(where, _told(error)))


def _told(error: Any) -> str:
    state = str(error.sqlstate)
    words = error.diag.message_primary if state.startswith(_OF_QUERY) else type(error).__name__
    return f"not answered (SQLSTATE {state}: {words})"
