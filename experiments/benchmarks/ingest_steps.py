"""Where the CPU time of ingest goes, by step and table: every statement of the engine is timed."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any
from unittest import mock

import duckdb

from features.claims import ingest_source

if TYPE_CHECKING:
    from pathlib import Path

# The table that a statement makes, or the file that it writes, says which step it belongs to.
_MADE = re.compile(r"\s*(?:create (?:or replace )?(?:temp )?table|insert into)\s+(\w+)")
_WRITTEN = re.compile(r"'[^']*/(parts|codes|quarantine)/(\w+)[^']*\.parquet'")
_SMALL = 0.05  # CPU seconds; what takes less is added up


class _Timed:
    """A connection that adds up the CPU seconds of its statements."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, spent: dict[str, float]) -> None:
        self._connection = connection
        self._spent = spent

    def execute(self, sql: str, parameters: object = None) -> Any:
        began = time.process_time()
        answer = self._connection.execute(sql, parameters)
        self._spent[_step(sql)] += time.process_time() - began
        return answer

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def _step(sql: str) -> str:
    if written := _WRITTEN.search(sql):
        return f"write {written[1]}/{written[2]}"
    if made := _MADE.match(sql):
        return made[1]
    return " ".join(sql.split())[:36]


def profile(source: Path, store: Path, threads: int) -> list[tuple[str, float]]:
    """Return CPU seconds of an ingest by step, largest first; the last row is everything.

    Parameters
    ----------
    source, store : Path
        Folder of the extract; folder of a store to make.
    threads : int
        Of the engine.
    """
    spent: dict[str, float] = defaultdict(float)
    connect = duckdb.connect

    def timed(*words: Any, **options: Any) -> _Timed:
        return _Timed(connect(*words, **options), spent)

    began = time.process_time()
    with mock.patch.object(duckdb, "connect", timed):
        ingest_source(source, store, threads=threads)
    total = time.process_time() - began
    rows = sorted(((step, cpu) for step, cpu in spent.items() if cpu >= _SMALL), key=lambda row: -row[1])
    rest = total - sum(cpu for _, cpu in rows)
    return [*rows, ("digests, small statements, Python", rest), ("all", total)]
