"""An engine that remembers every statement, and a store for which none is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims import ClaimsStore
from features.claims.store.catalog import Catalog
from features.engine import DuckDBDialect, DuckDBEngine

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

MACROS = {
    "quantile": "(x, p) as quantile_cont(cast(x as double), p)",
    "days_between": "(a, b) as date_diff('day', cast(a as date), cast(b as date))",
    "weekday": "(x) as isodow(x)",
    "month": "(x) as strftime(x, '%Y-%m')",
    "text": "(x) as cast(x as varchar)",
    "hash64": "(x) as hash(x)",
    "seconds_between": "(a, b) as date_diff('second', a, b)",
}


class NeutralDialect(DuckDBDialect):
    """Spells what engines spell differently by a name of its own, so that any other spelling stands out."""

    def quantile(self, value: str, share: float) -> str:
        return f"dialect_quantile({value}, {share!r})"

    def days_between(self, start: str, end: str) -> str:
        return f"dialect_days_between({start}, {end})"

    def weekday(self, day: str) -> str:
        return f"dialect_weekday({day})"

    def month(self, time: str) -> str:
        return f"dialect_month({time})"

    def text(self, value: str) -> str:
        return f"dialect_text({value})"

    def hash64(self, value: str) -> str:
        return f"dialect_hash64({value})"

    def seconds_between(self, start: str, end: str) -> str:
        return f"dialect_seconds_between({start}, {end})"

    def type_name(self, kind: str) -> str:
        return {"VARCHAR": "dialect_text", "TIMESTAMP": "dialect_time"}.get(kind, kind)


class RecordingEngine(DuckDBEngine):
    """DuckDB that remembers every statement by what it was for."""

    def __init__(self) -> None:
        super().__init__(threads=1)
        self.dialect = NeutralDialect()
        self.statements: list[tuple[str, str]] = []
        for name, definition in MACROS.items():
            self.connection.execute(f"create macro dialect_{name}{definition}")
        self.connection.execute("create type dialect_text as varchar; create type dialect_time as timestamp")

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        self.statements.append(("execute", sql))
        super().execute(sql, parameters)

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple]:
        self.statements.append(("rows", sql))
        return super().rows(sql, parameters)

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        self.statements.append(("frame", sql))
        return super().frame(sql, parameters)

    def create_table(self, name: str, sql: str) -> None:
        self.statements.append((name, sql))
        super().create_table(name, sql)

    def create_view(self, name: str, sql: str) -> None:
        self.statements.append((name, sql))
        super().create_view(name, sql)

    def read_parquet_view(self, name: str, paths: Iterable[Path]) -> None:
        before = list(self.statements)
        super().read_parquet_view(name, paths)
        self.statements = before  # each engine has its own way to read files

    def write_fact(self, sql: str, key: Sequence[str], path: Path) -> None:
        self.statements.append(("fact", sql))
        super().write_fact(sql, key, path)

    def write_parquet(self, sql: str, path: Path, compression: str = "zstd") -> int:
        self.statements.append(("write", sql))
        return super().write_parquet(sql, path, compression)


class EmptyStore(ClaimsStore):
    """A store that knows every table and column of the contract and holds no row: no statement is left out."""

    def __init__(self, folder: Path, months: tuple[str, ...]) -> None:
        super().__init__(folder, Catalog.read(folder))
        self._months = months

    def months(self) -> tuple[str, ...]:
        return self._months

    def has(self, table: str, column: str | None = None) -> bool:
        return True
