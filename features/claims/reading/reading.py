"""Read a file in the order of its rows, and say which it is when it cannot be read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from features.engine import DuckDBEngine


@contextmanager
def reading(engine: DuckDBEngine, file: str) -> Iterator[None]:
    """Keep the rows of a file in its order, and say which it is when it cannot be read."""
    # Row numbers follow the file only while rows are kept in order, which joins do not; a long IN list would be one.
    engine.execute("set preserve_insertion_order = true")
    engine.execute("set disabled_optimizers = 'in_clause'")
    try:
        yield
    except duckdb.Error as error:
        kind = "Parquet" if file.lower().endswith(".parquet") else "CSV"
        got = f"not readable {kind} ({first_line(error)})"
        raise InputError.of("file", plain_line(f"'{file}'"), got, "export it again") from error
    finally:
        engine.execute("reset disabled_optimizers")
        engine.execute("set preserve_insertion_order = false")
