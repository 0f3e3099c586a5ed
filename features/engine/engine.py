"""What SQL needs of the place it runs in: the few methods that DuckDB and Spark share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    import pandas as pd

    from features.engine.dialect import Dialect


class Engine(Protocol):
    """Where the statements of features run; tables and views live as long as the engine."""

    dialect: Dialect

    @property
    def tables(self) -> frozenset[str]:
        """Names of the tables that were made here and not dropped."""

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run a query and return its rows as tuples."""

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        """Run a query and return its rows as a frame."""

    def create_table(self, name: str, sql: str) -> None:
        """Materialise a query under a name, replacing what had it."""

    def create_view(self, name: str, sql: str) -> None:
        """Name a query, replacing what had the name."""

    def drop(self, name: str) -> None:
        """Forget a table or view; nothing happens where there is none."""

    def release(self) -> None:
        """Give back what memory dropped tables held, where the engine keeps it."""

    def register(self, name: str, frame: pd.DataFrame) -> None:
        """Copy a frame into a table."""

    def read_parquet_view(self, name: str, paths: Iterable[Path]) -> None:
        """Name the rows of what the engine, or the store, wrote as Parquet; columns matched by name."""

    def write_fact(self, sql: str, key: Sequence[str], path: Path) -> None:
        """Write rows that can be made anew, in the order of their key where the engine writes one file."""

    def write_parquet(self, sql: str, path: Path, compression: str = "zstd") -> int:
        """Write a query, in its own order, as Parquet, and return the number of rows."""
