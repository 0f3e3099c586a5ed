"""DuckDB, embedded: the default place where SQL runs, within a memory limit and a number of threads."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING, Any, Self

import duckdb

from features.engine.dialect import Dialect, DuckDBDialect, quoted
from features.engine.memory_share import engine_share, in_bytes, resident_bytes
from features.engine.spill_folder import spill_folder as folder_to_spill
from features.errors import InputError, ToolkitError
from features.outside import first_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    import pandas as pd

_IDENTIFIER = re.compile(r"[a-z_][a-z0-9_]{0,62}")
# One row group holds about a tenth of a city's month; smaller ones cost space, larger ones memory.
_ROW_GROUP = 122_880
# To set a limit takes longer than to make a small table: changes below one part in so many are let pass.
_SMALL_CHANGE = 64
# DuckDB says it within its message.
_ERRNO = re.compile(r'"errno":"(\d{1,4})"')


def identifier(name: str) -> str:
    """Return a name that is safe to stand in SQL unquoted, or refuse it.

    Examples
    --------
    >>> identifier("claim_lines")
    'claim_lines'
    >>> identifier("lines; drop")
    Traceback (most recent call last):
    ...
    features.errors.InputError: name 'lines; drop': not an identifier. Hint: lower-case letters, digits and _
    """
    if not _IDENTIFIER.fullmatch(name):
        raise InputError(f"name {name!r}: not an identifier. Hint: lower-case letters, digits and _")
    return name


def path_list(paths: Iterable[Path]) -> str:
    """Return paths as a SQL list of literals; glob characters in them are taken literally."""
    return "[" + ", ".join(quoted(re.sub(r"([*?\[\]])", r"[\1]", str(path))) for path in paths) + "]"


class OutOfMemoryError(ToolkitError):
    """A statement needs more memory, or more room to spill, than the engine may have."""


class DuckDBEngine:
    """An embedded DuckDB with limits; use it as a context manager.

    Parameters
    ----------
    memory_limit : str, default "4GB"
        What the process may hold in memory before the engine spills; the engine has what the rest of the process
        leaves of it, and half of it at least.
    threads : int, default 2
        Threads; results do not depend on it.
    spill_folder : Path, optional
        Below it a folder of the engine's own is made, to spill into; by default in `TMPDIR`, else in `/var/tmp`.
    spill_limit : str, optional
        What it may spill, such as `50GB`; by default 90 % of the disk's free space.

    Raises
    ------
    InputError
        A limit is none, or there is no place to spill into.
    """

    def __init__(
        self,
        memory_limit: str = "4GB",
        threads: int = 2,
        spill_folder: Path | None = None,
        spill_limit: str | None = None,
    ) -> None:
        self.dialect: Dialect = DuckDBDialect()
        self._tables: set[str] = set()
        self._threads = threads
        self._limit, self._limit_bytes = memory_limit, in_bytes(memory_limit)
        self._spill_to, self._spill_limit = spill_folder, spill_limit
        self._share = self._limit_bytes or 0
        self._n_spilled = 0
        self._open = contextlib.ExitStack()
        self._spill_folder = self._open.enter_context(folder_to_spill(spill_folder))
        config: dict[str, Any] = {
            "memory_limit": memory_limit,
            "threads": threads,
            "preserve_insertion_order": False,
            "temp_directory": str(self._spill_folder),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
        if spill_limit is not None:
            config["max_temp_directory_size"] = spill_limit
        try:
            self.connection = duckdb.connect(":memory:", config=config)
        except (duckdb.Error, ValueError) as error:
            self._open.close()
            raise InputError.of(
                "engine settings", "of DuckDB", str(error), "see [engine] in docs/settings.md"
            ) from error
        self.connection.execute("set timezone = 'UTC'")
        # Asked before every table: planned once.
        held = "select cast(sum(memory_usage_bytes) as bigint) from duckdb_memory()"
        self.connection.execute(f"prepare memory_held as {held}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def beside(self) -> Self:
        """Return another engine within the same limits, empty, for work while this one waits."""
        return type(self)(self._limit, self._threads, self._spill_to, self._spill_limit)

    def close(self) -> None:
        """Let go of memory and spilled files."""
        self.connection.close()
        self._open.close()

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables that were made here and not dropped."""
        return frozenset(self._tables)

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        """Run a statement for its effect."""
        with self._within_limits():
            self.connection.execute(sql, list(parameters))

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows as tuples."""
        with self._within_limits():
            return list(self.connection.execute(sql, list(parameters)).fetchall())

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Run a query and return its rows as a frame."""
        with self._within_limits():
            return self.connection.execute(sql, list(parameters)).df()

    def create_table(self, name: str, sql: str) -> None:
        """Materialise a query under a name, replacing what had it."""
        statement = f"create table {identifier(name)} as {sql}"
        if name in self._tables:
            self.drop(name)
        self.make_room()
        with self._within_limits():
            try:
                self.connection.execute(statement)
            except duckdb.CatalogException:  # a view may have the name
                self.drop(name)
                self.connection.execute(statement)
        self._tables.add(name)

    def create_spilled(self, name: str, sql: str) -> None:
        """Keep the rows of a query on disk until the engine is closed: for what is wide and read by few columns."""
        # Never the name of rows before it, which the engine may know from reading them.
        before = list(self._spill_folder.glob(f"{identifier(name)}-*.parquet"))
        self._n_spilled += 1
        path = self._spill_folder / f"{name}-{self._n_spilled}.parquet"
        # Read so often that to unpack it costs more than its room on disk, half as much again.
        self.write_parquet(sql, path, "uncompressed")
        self.read_parquet_view(name, [path])
        for each in before:
            each.unlink()

    def create_view(self, name: str, sql: str) -> None:
        """Name a query, replacing what had the name."""
        statement = f"create or replace view {identifier(name)} as {sql}"
        try:
            self.connection.execute(statement)
        except duckdb.CatalogException:  # a table has the name
            self.drop(name)
            self.connection.execute(statement)

    def drop(self, name: str) -> None:
        """Forget a table or view; nothing happens where there is none."""
        kinds = ("table",) if name in self._tables else ("view", "table")
        self._tables.discard(name)
        for kind in kinds:
            with contextlib.suppress(duckdb.CatalogException):  # the name is taken by the other kind
                self.connection.execute(f"drop {kind} if exists {identifier(name)}")

    def release(self) -> None:
        """Give back what memory dropped tables held, which DuckDB keeps until its threads end."""
        for number in (self._threads + 1, self._threads):
            self.connection.execute(f"set threads = {number}")

    def make_room(self) -> None:
        """Leave to the rest of the process what it holds by now of the memory limit."""
        if self._limit_bytes is None:
            return
        own = self.connection.execute("execute memory_held").fetchone()
        share = engine_share(self._limit_bytes, max(resident_bytes() - (own[0] if own else 0), 0))
        if abs(share - self._share) * _SMALL_CHANGE < self._share:
            return
        # What cannot be given back now is asked for again with the next table.
        with contextlib.suppress(duckdb.OutOfMemoryException):
            self.connection.execute(f"set memory_limit = '{share}B'")
            self._share = share

    @contextlib.contextmanager
    def _within_limits(self) -> Iterator[None]:
        """Say of a statement that lacks memory, or room to spill, what there was and what helps."""
        try:
            yield
        except (duckdb.OutOfMemoryException, duckdb.IOException) as error:
            if isinstance(error, duckdb.IOException) and str(self._spill_folder) not in str(error):
                raise
            place = self._spill_folder.parent
            raise OutOfMemoryError(
                f"engine: a statement needs more than memory_limit {self._limit} and the room to spill in {place}. "
                "Hint: free space there, or name another spill_folder, a higher spill_limit or a higher memory_limit "
                "under [engine]"
            ) from error

    def register(self, name: str, frame: pd.DataFrame) -> None:
        """Copy a frame into a table."""
        self.drop(name)
        self.connection.register("_incoming", frame)
        self.connection.execute(f"create table {identifier(name)} as select * from _incoming")
        self.connection.unregister("_incoming")
        self._tables.add(name)

    def read_parquet_view(self, name: str, paths: Iterable[Path]) -> None:
        """Name the rows of Parquet files, columns matched by name."""
        self.create_view(name, f"select * from read_parquet({path_list(paths)}, union_by_name = true)")

    def write_fact(self, sql: str, key: Sequence[str], path: Path) -> None:
        """Write rows that can be made anew, in the order of their key, as one Parquet file."""
        self.write_parquet(f"select * from ({sql}) f order by {', '.join(key)}", path, "snappy")

    def write_parquet(self, sql: str, path: Path, compression: str = "zstd") -> int:
        """Write a query, in its own order, as one Parquet file; equal rows give equal bytes.

        Parameters
        ----------
        sql : str
            The query.
        path : Path
            The file.
        compression : {"zstd", "snappy", "uncompressed"}
            The second for files that can be made anew: larger, and cheaper to write; the third to be read many times.

        Returns
        -------
        int
            Rows written.

        Raises
        ------
        ToolkitError
            The disk is full, or the file may not be written; nothing of it is left.
        """
        # One writer thread in order: the bytes must not depend on the number of threads.
        self.connection.execute("set preserve_insertion_order = true")
        try:
            options = f"format parquet, compression {identifier(compression)}, row_group_size {_ROW_GROUP}"
            # Whoever reads all rows looks none up.
            options += ", write_bloom_filter false" if compression == "uncompressed" else ""
            with self._within_limits():
                written = self.connection.execute(f"copy ({sql}) to {quoted(str(path))} ({options})").fetchone()
        except duckdb.IOException as error:
            number = _ERRNO.search(str(error))
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
            got = os.strerror(int(number[1])) if number else first_line(error)
            hint = "free space or make the folder writable, and run it again"
            raise ToolkitError(f"file {path.name} in {path.parent}: not written ({got}). Hint: {hint}") from error
        finally:
            self.connection.execute("set preserve_insertion_order = false")
        return int(written[0]) if written else 0
