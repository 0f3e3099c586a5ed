"""Where the CPU time of rules goes: by the statement's rule, the shared relations, the rest."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from features.engine import DuckDBEngine
from fraud.rules import run as running
from fraud.rules import run_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from features.claims import ClaimsStore

_SMALL = 0.02  # CPU seconds; what takes less is added up


class _TimedEngine(DuckDBEngine):
    """An engine that adds up the CPU seconds of its statements by their first words."""

    def __init__(self, memory_limit: str, threads: int) -> None:
        super().__init__(memory_limit, threads)
        self.spent: dict[str, float] = defaultdict(float)
        self.label = ""

    def create_table(self, name: str, sql: str) -> None:
        began = time.process_time()
        super().create_table(name, sql)
        self.spent[f"table {name} {self.label}"] += time.process_time() - began

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        began = time.process_time()
        super().execute(sql, parameters)
        self.spent[" ".join(re.split(r"\s+", sql)[:3]) + f" {self.label}"] += time.process_time() - began

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        began = time.process_time()
        rows = super().rows(sql, parameters)
        self.spent[f"rows {self.label}"] += time.process_time() - began
        return rows

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        began = time.process_time()
        frame = super().frame(sql, parameters)
        self.spent["frames"] += time.process_time() - began
        return frame


def profile(store: ClaimsStore, window_months: int, threads: int) -> list[tuple[str, float]]:
    """Return CPU seconds of a run of all rules by step, largest first; then the rest and everything."""
    own = running.create_hits

    def labelled(engine: Any, rule: Any, *further: Any) -> None:
        engine.label = rule.code
        own(engine, rule, *further)
        engine.label = ""

    running.create_hits = labelled
    began = time.process_time()
    try:
        with _TimedEngine("3GB", threads) as engine:
            run_rules(store, engine, store.months()[-1], window_months=window_months)
    finally:
        running.create_hits = own
    total = time.process_time() - began
    rows = sorted(((step, cpu) for step, cpu in engine.spent.items() if cpu >= _SMALL), key=lambda row: -row[1])
    return [*rows, ("the rest", total - sum(cpu for _, cpu in rows)), ("everything", total)]
