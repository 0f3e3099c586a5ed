"""A source of a mapping that is a query of a database, or a table of it, in place of files."""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from features.claims.mapping.words import check_pattern

# Far beyond any query that somebody wrote.
_MAX_QUERY = 50_000
# The name of a column is quoted wherever it is used; longer ones no database takes.
_Column = Annotated[str, StringConstraints(min_length=1, max_length=256, pattern=r"^[^\x00-\x1f]+$")]


class DatabaseSource(BaseModel):
    """Rows of a query, or of a table.

    Parameters
    ----------
    database : {"duckdb", "postgresql", "mysql"}
        Its kind; `mysql` reads MariaDB as well.
    query, table : str, optional
        One of the two: a single `select`; the name of a table or view, or `schema.name`.
    order_by : tuple of str
        Columns of the result in whose order its rows come; without it they come in the order of their texts.
    file : str, optional
        Of DuckDB: the file, relative to the source folder.
    connection_env : str, optional
        Environment variable that holds the connection: of PostgreSQL what libpq takes, of MySQL
        `mysql://user:password@host:port/database`.
    service : str, optional
        In place of it: of PostgreSQL an entry of `pg_service.conf` (passwords in `.pgpass`), of MySQL a group of
        `~/.my.cnf`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    database: Literal["duckdb", "postgresql", "mysql"]
    query: str | None = Field(None, min_length=1, max_length=_MAX_QUERY)
    table: str | None = Field(None, max_length=200, pattern=r"^[^\W\d][\w$]*(\.[^\W\d][\w$]*){0,2}$")
    order_by: tuple[_Column, ...] = Field((), max_length=20)
    file: str | None = Field(None, max_length=500)
    connection_env: str | None = Field(None, max_length=100, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    service: str | None = Field(None, max_length=100, pattern=r"^[A-Za-z0-9_][A-Za-z0-9_.-]*$")

    @model_validator(mode="after")
    def _check(self) -> Self:
        if (self.query is None) == (self.table is None):
            raise ValueError("give a `query` or a `table`, and not both")
        if self.database == "duckdb":
            if self.file is None or self.connection_env or self.service:
                raise ValueError("duckdb reads a `file` below the source folder, and takes no connection")
            check_pattern(self.file)
        elif self.file is not None or (self.connection_env is None) == (self.service is None):
            raise ValueError("a connection comes from `connection_env` or from `service`, and from nothing else")
        return self


def kind_of_source(given: Any) -> str:
    """Say which kind of source is meant, by the keys that are given."""
    is_database = "database" in given if isinstance(given, dict) else isinstance(given, DatabaseSource)
    return "database" if is_database else "files"
