"""MySQL and MariaDB: one read-only snapshot for all that is drawn, rows as they come, as the texts that it writes."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from features.claims.databases.asking import (
    connection_text,
    drawn,
    no_connection,
    no_driver,
    query_sql,
    refused,
)
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Any

    import pyarrow as pa

    from features.claims.databases.asking import Room
    from features.claims.mapping.database import DatabaseSource

# Errors that speak of the query and of rights: the words of others may hold a cell.
_OF_QUERY = {1044, 1045, 1046, 1049, 1054, 1060, 1064, 1109, 1142, 1143, 1146, 1248, 1305, 1792}
_PARAMETERS = ("charset", "ssl_ca", "ssl_cert", "ssl_key", "unix_socket")


@contextmanager
def open_mysql(
    source: DatabaseSource, where: str, room: Room
) -> Iterator[Callable[[DatabaseSource, str], pa.RecordBatchReader]]:
    """Connect as a source says, and give what draws sources from the database.

    Raises
    ------
    InputError
        There is no driver, no connection text, or no connection.
    """
    try:
        import pymysql
        from pymysql.constants import FIELD_TYPE
        from pymysql.converters import encoders
        from pymysql.cursors import SSCursor
    except ImportError as error:
        raise no_driver(where, "mysql") from error
    if source.connection_env:
        text = connection_text(source, where)
        try:
            given = connection_of(text)
        except ValueError as error:
            raise no_connection(where, error, (text,)) from None
        secrets = [text, given.get("password", "")]
    else:
        given, secrets = {"read_default_file": "~/.my.cnf", "read_default_group": source.service}, []
    # Without decoders values stay the texts that the server sends, but for bits, which are booleans to most.
    texts = {**encoders, FIELD_TYPE.BIT: lambda bits: str(int.from_bytes(bits, "big"))}
    try:
        connection = pymysql.connect(
            **{"charset": "utf8mb4", **given}, conv=texts, cursorclass=SSCursor, local_infile=False
        )
    except (pymysql.Error, OSError, RuntimeError) as error:
        raise no_connection(where, error, secrets) from None
    try:
        _begin(connection, where, room.zone)
        yield lambda asked, place: _ask(connection, asked, place)
    finally:
        connection.close()


def _begin(connection: Any, where: str, zone: str | None) -> None:
    import pymysql

    with connection.cursor() as cursor:
        try:
            if zone:
                cursor.execute(f"set time_zone = '{zone}'")  # one of the IANA names
        except pymysql.Error:
            hint = "load its zones (mysql_tzinfo_to_sql), so that what it keeps in UTC can be brought to yours"
            raise InputError.of("database", where, f"its server knows no zone '{zone}'", hint) from None
        try:
            cursor.execute("start transaction with consistent snapshot, read only")
        except pymysql.Error as error:
            raise refused(where, _told(error)) from None


def connection_of(text: str) -> dict[str, Any]:
    """Return the parts of `mysql://user:password@host:port/database?unix_socket=…`.

    Raises
    ------
    ValueError
        It is no such text.

    Examples
    --------
    >>> connection_of("mysql://reader@db.example:3307/claims")
    {'user': 'reader', 'password': '', 'host': 'db.example', 'port': 3307, 'database': 'claims'}
    """
    wrong = "what the variable holds is no mysql://user:password@host:port/database"
    try:
        found = urlsplit(text)
        port = found.port or 3306
    except ValueError as error:
        raise ValueError(wrong) from error
    if found.scheme not in {"mysql", "mariadb"} or not found.path.strip("/"):
        raise ValueError(wrong)
    named = {"user": found.username, "password": found.password, "host": found.hostname, "port": port}
    parts: dict[str, Any] = {
        key: unquote(value) if isinstance(value, str) else value or "" for key, value in named.items()
    }
    parts["database"] = unquote(found.path.strip("/"))
    more = dict(parse_qsl(found.query))
    if more.keys() - _PARAMETERS:
        raise ValueError(f"after `?` in the connection only {', '.join(_PARAMETERS)} are known")
    return parts | more


def _ask(connection: Any, source: DatabaseSource, where: str) -> pa.RecordBatchReader:
    import pymysql

    sql = query_sql(source, "`")
    return drawn(connection.cursor(), sql, pymysql.Error, lambda error: refused(where, _told(error)))


def _told(error: Any) -> str:
    code, words = (*error.args, 0, "")[:2]
    return f"not answered (error {code}: {words if code in _OF_QUERY else type(error).__name__})"
