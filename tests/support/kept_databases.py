"""Embedded databases that engines use one after another: to start one takes longer than what most tests ask of it."""

from __future__ import annotations

import os
import re
from typing import Any

import duckdb

from features.engine.dialect import quoted

_SETTING = re.compile(r"set (?P<name>\w+)", re.IGNORECASE)
# What DuckDB remembers of files that tests then damage.
_FORGET = "set enable_external_file_cache = false; set enable_external_file_cache = true"
connect_anew = duckdb.connect
_idle: list[duckdb.DuckDBPyConnection] = []
_of_parents: list[list[duckdb.DuckDBPyConnection]] = []


class _Lent:
    """A connection whose tables are in a database of its own; with it they go, and what was set."""

    def __init__(self, kept: duckdb.DuckDBPyConnection, config: dict[str, Any]) -> None:
        self._kept = kept
        self._changed = set(config)
        for name, value in config.items():
            kept.execute(f"set {name} = {quoted(str(value))}")
        kept.execute("attach ':memory:' as own")
        self._connection = kept.cursor()
        self._connection.execute("use own")

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: object) -> duckdb.DuckDBPyConnection:
        if found := _SETTING.match(sql):
            self._changed.add(found["name"])
        return self._connection.execute(sql, *parameters)

    def close(self) -> None:
        self._connection.close()
        try:
            self._kept.execute(f"detach own; {_FORGET}")
            for name in sorted(self._changed - {"temp_directory", "timezone"}):
                self._kept.execute(f"reset {name}")
        except duckdb.Error:  # it is not as it was
            self._kept.close()
        else:
            _idle.append(self._kept)


def connect(database: str = ":memory:", **more: Any) -> Any:
    """Open a database as `duckdb.connect` does; for an engine one that another engine has closed, if there is one."""
    config = more.get("config", {})
    if database != ":memory:" or "temp_directory" not in config:
        return connect_anew(database, **more)
    if _idle:
        kept = _idle.pop()
        try:
            return _Lent(kept, config)
        except duckdb.Error:  # it has spilled into another folder, or what is set is no setting
            kept.close()
    return _Lent(connect_anew(database, config=config), config)


def _forked() -> None:
    """A child has none of the threads of its parent's databases: it can neither use nor close them."""
    _of_parents.append(_idle[:])
    _idle.clear()


os.register_at_fork(after_in_child=_forked)
