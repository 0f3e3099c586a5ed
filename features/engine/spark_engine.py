"""Spark: the same statements on a session of the user's, for what is more than one machine can hold."""

from __future__ import annotations

import itertools
import re
import shutil
import uuid
from typing import TYPE_CHECKING, Any, Self

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

from features.engine.dialect import Dialect, quoted_list
from features.engine.duckdb_engine import identifier
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd
    from pyspark.sql import DataFrame, SparkSession

# What the statements rely on; set on a session of the engine's own, so the user's keeps its settings.
REQUIRED_SETTINGS = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    "spark.sql.ansi.enabled": "true",
    "spark.sql.caseSensitive": "false",
}
_INSTALL = 'pip install "claims-fraud-toolkit[spark]", and a Java runtime, version 17 or later'
# Parquet's types as the store and the facts use them.
_TYPES = {
    pa.string(): "string",
    pa.large_string(): "string",
    pa.bool_(): "boolean",
    pa.int32(): "int",
    pa.int64(): "bigint",
    pa.float64(): "double",
    pa.date32(): "date",
    pa.timestamp("us"): "timestamp_ntz",
}


class SparkDialect:
    """Spark's spelling."""

    name = "spark"

    def quantile(self, value: str, share: float) -> str:
        """Interpolated quantile of a group, exact, as a double."""
        return f"percentile(cast({value} as double), {share!r})"

    def days_between(self, start: str, end: str) -> str:
        """Calendar days from start to end."""
        return f"datediff(cast({end} as date), cast({start} as date))"

    def weekday(self, day: str) -> str:
        """ISO day of the week."""
        return f"(weekday({day}) + 1)"

    def month(self, time: str) -> str:
        """Calendar month as text YYYY-MM."""
        return f"date_format({time}, 'yyyy-MM')"

    def text(self, value: str) -> str:
        """Value as text."""
        return f"cast({value} as string)"

    def hash64(self, value: str) -> str:
        """Return a 64-bit hash."""
        return f"xxhash64({value})"

    def any_of(self, value: str, values: tuple[str, ...]) -> str:
        """Whether the value is one of the given texts."""
        return f"({value} in {quoted_list(values)})" if values else "(1 = 0)"

    def seconds_between(self, start: str, end: str) -> str:
        """Whole seconds from start to end."""
        return f"(unix_timestamp({end}) - unix_timestamp({start}))"

    def type_name(self, kind: str) -> str:
        """Return the engine's name of a type of the contract."""
        return {"VARCHAR": "string", "TIMESTAMP": "timestamp_ntz"}.get(kind, kind.lower())


class SparkEngine:
    """A session of the user's, borrowed; use it as a context manager.

    The engine works in a session of its own on the same cluster, with the settings of the user's and
    `REQUIRED_SETTINGS`: the user's settings and temporary views stay as they are, and nothing is ever stopped.

    Parameters
    ----------
    session : SparkSession
        Whose cluster is used; Spark 4, not Connect.
    scratch_folder : Path
        Where tables are written and read back; every node must see it under this path. What the engine wrote there is
        deleted when it is closed.
    """

    def __init__(self, session: SparkSession, scratch_folder: Path) -> None:
        self.dialect: Dialect = SparkDialect()
        self.session = session.newSession()
        settings = {name: value for name, value in session.conf.getAll.items() if session.conf.isModifiable(name)}
        for name, value in (settings | REQUIRED_SETTINGS).items():
            self.session.conf.set(name, value)
        self._scratch = scratch_folder.absolute() / f"spark-{uuid.uuid4().hex}"
        self._names: set[str] = set()
        self._tables: dict[str, Path] = {}
        self._numbers = itertools.count()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Forget tables and views, and delete what was written for them; the user's session goes on."""
        for name in self._names:
            self.session.catalog.dropTempView(name)
        self._names.clear()
        self._tables.clear()
        shutil.rmtree(self._scratch, ignore_errors=True)

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables that were made here and not dropped."""
        return frozenset(self._tables)

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement for its effect."""
        self._query(sql, parameters).collect()

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows as tuples."""
        return [tuple(row) for row in self._query(sql, parameters).collect()]

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Run a query and return its rows as a frame, with the column types that DuckDB gives."""
        answer = self._query(sql, parameters).toArrow()
        with duckdb.connect(":memory:") as connection:
            return connection.from_arrow(answer).df()

    def create_table(self, name: str, sql: str) -> None:
        """Write a query as Parquet and read it back under a name, replacing what had it."""
        identifier(name)
        folder = self._scratch / f"{next(self._numbers)}-{name}"
        rows = self._query(sql)
        rows.write.option("compression", "snappy").parquet(_located(folder))
        # Read with the schema as it was: looking into the files would cost a job for each table.
        self._name(name, self.session.read.schema(rows.schema).parquet(_located(folder)))
        self._tables[name] = folder

    def create_view(self, name: str, sql: str) -> None:
        """Name a query, replacing what had the name."""
        self._name(identifier(name), self._query(sql))

    def drop(self, name: str) -> None:
        """Forget a table or view, and delete what was written for it."""
        self.session.catalog.dropTempView(identifier(name))
        self._names.discard(name)
        self._discard(name)

    def release(self) -> None:
        """Nothing to give back: tables are files."""

    def register(self, name: str, frame: pd.DataFrame) -> None:
        """Copy a frame into a table."""
        identifier(name)
        folder = self._scratch / f"{next(self._numbers)}-{name}"
        folder.mkdir(parents=True)
        with duckdb.connect(":memory:") as connection:
            connection.from_df(frame).write_parquet(str(folder / "part.parquet"))
        self.read_parquet_view(name, [folder])
        self._tables[name] = folder

    def read_parquet_view(self, name: str, paths: Iterable[Path]) -> None:
        """Name the rows of Parquet files and of folders with them, columns matched by name."""
        found = [file for path in paths for file in _files(path)]
        columns: dict[str, str] = {}
        for file in found:
            for field in pq.read_schema(file):
                _same_type(columns.setdefault(field.name, _type(field)), _type(field), field.name, file)
        schema = ", ".join(f"`{column}` {kind}" for column, kind in columns.items())
        self._name(identifier(name), self.session.read.schema(schema).parquet(*map(_located, found)))

    def write_fact(self, sql: str, key: Sequence[str], path: Path) -> None:  # noqa: ARG002 - a folder has no order
        """Write rows that can be made anew as a folder of Parquet files; no order, which would cost a shuffle."""
        self.write_parquet(sql, path, "snappy")

    def write_parquet(self, sql: str, path: Path, compression: str = "zstd") -> int:
        """Write a query, in its own order, as a folder of Parquet files.

        Parameters
        ----------
        sql : str
            The query.
        path : Path
            The folder, replaced where it exists.
        compression : {"zstd", "snappy"}
            The second for files that can be made anew: larger, and cheaper to write.

        Returns
        -------
        int
            Rows written.
        """
        writer = self._query(sql).write.mode("overwrite").option("compression", identifier(compression))
        writer.parquet(_located(path.absolute()))
        return sum(pq.read_metadata(file).num_rows for file in _files(path))

    def _query(self, sql: str, parameters: Sequence[object] = ()) -> DataFrame:
        return self.session.sql(sql, args=list(parameters)) if parameters else self.session.sql(sql)

    def _name(self, name: str, rows: DataFrame) -> None:
        rows.createOrReplaceTempView(name)
        self._names.add(name)
        self._discard(name)

    def _discard(self, name: str) -> None:
        folder = self._tables.pop(name, None)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


def spark_session() -> SparkSession:
    """Return the session that is running, or start one as `spark-submit` and `spark-defaults.conf` say.

    Raises
    ------
    InputError
        PySpark or Java is missing, or no session can be had.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError as error:
        raise InputError.of("engine 'spark'", "on this machine", "PySpark is not installed", _INSTALL) from error
    try:
        return SparkSession.builder.appName("claims-fraud-toolkit").getOrCreate()
    except (PySparkException, OSError) as error:
        got = f"no session: {str(error).splitlines()[0]}"
        raise InputError.of("engine 'spark'", "on this machine", got, _INSTALL) from error


def _files(path: Path) -> list[Path]:
    """Return the file, or the Parquet files of a folder that Spark wrote."""
    return sorted(path.glob("*.parquet")) if path.is_dir() else [path]


def _located(path: Path) -> str:
    """Return the place of a path, whatever the cluster's default file system; glob characters are taken literally."""
    return "file://" + re.sub(r"([\\*?\[\]{}])", r"\\\1", str(path.absolute()))


def _type(field: pa.Field) -> str:
    known = _TYPES.get(field.type)
    if known is None and pa.types.is_decimal(field.type):
        return f"decimal({field.type.precision}, {field.type.scale})"
    if known is None:
        raise InputError.of(f"column '{field.name}'", "of a Parquet file", f"type {field.type}", "ingest it anew")
    return known


def _same_type(one: str, other: str, column: str, file: Path) -> None:
    if one != other:
        got = f"{other}, while files before it have {one}"
        raise InputError.of(f"column '{column}'", f"of {file}", got, "delete the facts folder, or ingest anew")
