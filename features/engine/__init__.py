"""The only place that knows where SQL runs."""

from features.engine.dialect import Dialect, DuckDBDialect, quoted, quoted_list
from features.engine.duckdb_engine import DuckDBEngine, OutOfMemoryError, identifier, path_list
from features.engine.engine import Engine

__all__ = [
    "Dialect",
    "DuckDBDialect",
    "DuckDBEngine",
    "Engine",
    "OutOfMemoryError",
    "identifier",
    "path_list",
    "quoted",
    "quoted_list",
]
