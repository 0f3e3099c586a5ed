"""Where the CPU time of profiles goes, by statement: facts with their files, window tables, features, the rest."""

from __future__ import annotations

import re
import time
from collections import defaultdict
from typing import TYPE_CHECKING

from features.build import build_profiles
from features.engine import DuckDBEngine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pandas as pd

    from features.claims import ClaimsStore

_SMALL = 0.1  # CPU seconds; what takes less is added up
_FIRST = re.compile(r" as double\) as (\w+)")


class _TimedEngine(DuckDBEngine):
    """An engine that adds up the CPU seconds of its statements by step."""

    def __init__(self, memory_limit: str, threads: int) -> None:
        super().__init__(memory_limit, threads)
        self.spent: dict[str, float] = defaultdict(float)

    def create_table(self, name: str, sql: str) -> None:
        began = time.process_time()
        super().create_table(name, sql)
        self.spent[f"table {name}"] += time.process_time() - began

    def write_fact(self, sql: str, key: Sequence[str], path: Path) -> None:
        began = time.process_time()
        super().write_fact(sql, key, path)
        self.spent[f"fact {path.parent.name}"] += time.process_time() - began

    def frame(self, sql: str, parameters: Sequence[object] = ()) -> pd.DataFrame:
        began = time.process_time()
        frame = super().frame(sql, parameters)
        first = _FIRST.search(sql)
        self.spent[f"features {first[1]} …" if first else "attributes"] += time.process_time() - began
        return frame


def profile(store: ClaimsStore, window_months: int, threads: int) -> list[tuple[str, float]]:
    """Return CPU seconds of a full build by step, largest first; then sums by kind of step, the rest and everything.

    Parameters
    ----------
    store : ClaimsStore
        The claims; its last month is built, nothing stored beforehand.
    window_months, threads : int
        Of the build; of the engine.
    """
    began = time.process_time()
    with _TimedEngine("4GB", threads) as engine:
        build_profiles(store, store.months()[-1], engine, window_months=window_months)
    total = time.process_time() - began
    rows = sorted(((step, cpu) for step, cpu in engine.spent.items() if cpu >= _SMALL), key=lambda row: -row[1])
    kinds: dict[str, float] = defaultdict(float)
    for step, cpu in engine.spent.items():
        kinds[f"all {step.split()[0]}"] += cpu
    rest = total - sum(engine.spent.values())
    return [*rows, *kinds.items(), ("peers, frames, registers, Python", rest), ("everything", total)]
