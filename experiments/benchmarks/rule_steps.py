"""Where the CPU time of rules goes: by rule, by relation that they share, and the rest."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from features.engine import DuckDBEngine
from fraud.rules import library_rules, run_rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from features.claims import ClaimsStore

_SMALL = 0.02  # CPU seconds; what takes less is added up
_TAKEN = re.compile(r"insert into found_hits select (\d+)")


class _TimedEngine(DuckDBEngine):
    """An engine that adds up the CPU seconds of its statements; those of a rule are told when its hits are taken."""

    def __init__(self, memory_limit: str, threads: int) -> None:
        super().__init__(memory_limit, threads)
        self.spent: dict[str, float] = defaultdict(float)
        self.by_rule: dict[int, float] = defaultdict(float)
        self._pending = 0.0

    def create_table(self, name: str, sql: str) -> None:
        began = time.process_time()
        super().create_table(name, sql)
        spent = time.process_time() - began
        if name == "rule_hits":
            self._pending += spent
        else:
            self.spent[f"table {name}"] += spent

    def create_spilled(self, name: str, sql: str) -> None:
        began = time.process_time()
        super().create_spilled(name, sql)
        self.spent[f"table {name}"] += time.process_time() - began

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> None:
        began = time.process_time()
        super().execute(sql, parameters)
        self._pending += time.process_time() - began
        if taken := _TAKEN.match(sql):
            self.by_rule[int(taken[1])] += self._pending
            self._pending = 0.0

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        began = time.process_time()
        rows = super().rows(sql, parameters)
        self.spent["small questions"] += time.process_time() - began
        return rows

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        began = time.process_time()
        frame = super().frame(sql, parameters)
        self.spent["identifiers and hashes of what was found"] += time.process_time() - began
        return frame


def profile(store: ClaimsStore, window_months: int, threads: int) -> list[tuple[str, float]]:
    """Return CPU seconds of a run of all rules by step, largest first; then the rest and everything."""
    began = time.process_time()
    with _TimedEngine("3GB", threads) as engine:
        run = run_rules(store, engine, store.months()[-1], window_months=window_months)
    total = time.process_time() - began
    absent = {entry.code for entry in run.not_checked}
    codes = [rule.code for rule in library_rules() if rule.code not in absent]
    steps = {**engine.spent, **{f"rule {codes[number]}": cpu for number, cpu in engine.by_rule.items()}}
    rows = sorted(((step, cpu) for step, cpu in steps.items() if cpu >= _SMALL), key=lambda row: -row[1])
    return [*rows, ("the rest", total - sum(cpu for _, cpu in rows)), ("everything", total)]
