"""Relations that several rules of a run read, made when the first of them is run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.rules.ratios import RATIO_SHARES, create_ratio_shares

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from features.engine import DuckDBEngine
    from fraud.rules.executor import Executor

# Name -> what makes it, on an engine with the base, for a month.
SHARED: Mapping[str, Callable[[DuckDBEngine, str], None]] = {RATIO_SHARES: create_ratio_shares}


def create_shared(engine: DuckDBEngine, executor: Executor, month: str) -> None:
    """Create what an executor names in `shared` and no rule before it has read."""
    for name in getattr(executor, "shared", ()):
        if name not in engine.tables:
            SHARED[name](engine, month)
