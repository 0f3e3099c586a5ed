"""The only place that knows where SQL runs."""

from features.engine.dialect import Dialect, DuckDBDialect, quoted
from features.engine.duckdb_engine import DuckDBEngine, identifier, path_list

__all__ = ["Dialect", "DuckDBDialect", "DuckDBEngine", "identifier", "path_list", "quoted"]
