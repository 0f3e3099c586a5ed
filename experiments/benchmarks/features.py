"""Measure profiles: `python -m experiments.benchmarks.features [--scales medium large] [--months 6] [--store DIR]`.

Every measurement runs in a process of its own, so that its peak memory is its own. The floor hashes every column of
every stored row once: of claim lines, and of all tables, since profiles read them all. Ratios are of CPU seconds in
this run, the least of `--repeats`; the clock of a busy machine says nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.benchmarks.dozen import difference, ours, with_pandas, with_polars
from experiments.benchmarks.feature_steps import profile
from experiments.benchmarks.machine import describe_machine, peak_mib
from experiments.synthetic import SCALES, generate_city, write_city
from features.build import build_profiles
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.facts.keep import ensure_facts
from features.vocabulary.months import window

if TYPE_CHECKING:
    from collections.abc import Callable

Measured = dict[str, float]
_WINDOW = 6
_THREADS = 2
_EQUAL = 1e-9
_DOZEN: dict[str, Callable[[ClaimsStore], object]] = {
    "toolkit's SQL": lambda store: ours(store, _THREADS),
    "pandas": with_pandas,
    "Polars, streaming": with_polars,
}


def scan_floor(store: ClaimsStore, *, whole: bool) -> None:
    """Hash every column once: of claim lines, or of every stored table."""
    tables = list(store.catalog.tables) if whole else ["claim_lines"]
    with DuckDBEngine(threads=_THREADS) as engine:
        store.attach(engine)
        for table in tables:
            columns = [
                name
                for (name,) in engine.rows(
                    "select column_name from information_schema.columns where table_name = ?", [table]
                )
            ]
            engine.rows(f"select {', '.join(f'bit_xor(hash({column}))' for column in columns)} from {table}")


def _build(store: ClaimsStore, memory: str, facts: Path | None) -> None:
    with tempfile.TemporaryDirectory() as spill, DuckDBEngine(memory, _THREADS, Path(spill)) as engine:
        build_profiles(store, store.months()[-1], engine, window_months=_WINDOW, facts_folder=facts)


def _facts(store: ClaimsStore, folder: Path, n_months: int) -> None:
    """Bring the facts of the last months up to date."""
    with DuckDBEngine(threads=_THREADS) as engine:
        ensure_facts(store, engine, window(store.months(), store.months()[-1], n_months), folder)


def _earlier_facts(store: ClaimsStore, folder: Path, n_months: int) -> None:
    """Write the facts of all but the last of so many months."""
    with DuckDBEngine(threads=_THREADS) as engine:
        ensure_facts(store, engine, window(store.months(), store.months()[-1], n_months)[:-1], folder)


def _forget(folder: Path, month: str) -> None:
    """Delete the facts of a month."""
    for path in folder.glob(f"*/{month}-*"):
        path.unlink()


def _do(job: str, folder: Path, word: str) -> None:
    store = ClaimsStore.open(folder)
    if job == "floor":
        scan_floor(store, whole=word == "all")
    elif job == "build":
        memory, _, facts = word.partition(" ")
        _build(store, memory, Path(facts) if facts else None)
    elif job in {"facts", "earlier"}:
        number, _, place = word.partition(" ")
        (_facts if job == "facts" else _earlier_facts)(store, Path(place), int(number))
    else:
        _DOZEN[word](store)


def _measured(job: str, store: Path, word: str = "") -> Measured:
    """Run one job in a process of its own."""
    words = [sys.executable, "-m", "experiments.benchmarks.features", "--one", job, str(store), word]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    measured: Measured = json.loads(answer.stdout)
    return measured


def _best(job: str, store: Path, word: str, repeats: int, before: Callable[[], None] = lambda: None) -> Measured:
    """Run one job again and again: the least time, since neighbours can only add to it, and the largest peak."""
    found = []
    for _ in range(repeats):
        before()
        found.append(_measured(job, store, word))
    return min(found, key=lambda each: each["cpu"]) | {"peak_mib": max(each["peak_mib"] for each in found)}


def _one(job: str, folder: Path, word: str) -> Measured:
    idle = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    _do(job, folder, word)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "seconds": time.perf_counter() - began,
        "cpu": used.ru_utime + used.ru_stime - idle.ru_utime - idle.ru_stime,
        "peak_mib": peak_mib(),
    }


def _say(line: str = "") -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _line(name: str, measured: Measured, ratio: str = "") -> None:
    numbers = f"{measured['seconds']:>8.1f} {measured['cpu']:>8.2f} {measured['peak_mib']:>8,.0f}"
    _say(f"  {name:<58} {numbers}  {ratio}".rstrip())


def make_store_of(scale: str, months: int, scratch: Path) -> Path:
    """Invent a city of a scale, and ingest it."""
    size = SCALES[scale]
    with generate_city(size.persons, size.providers, months, "2025-01", 7, schemes="all", scratch=scratch) as city:
        write_city(city, scratch / "city")
    ingest_source(scratch / "city", scratch / "store", threads=_THREADS)
    shutil.rmtree(scratch / "city")
    return scratch / "store"


def _compare_building(store: Path, scratch: Path, repeats: int) -> float:
    """Print floor, full builds and increments; return CPU seconds per line of the full build."""
    opened = ClaimsStore.open(store)
    months = opened.months()[-_WINDOW:]
    lines = sum(part.rows for part in opened.catalog.tables["claim_lines"] if part.month in months)
    everything = sum(part.rows for part in opened.catalog.tables["claim_lines"])
    _say(f"{everything:,} claim lines of {len(opened.months())} months, {lines:,} in the window of {_WINDOW}")
    _say(f"  {'':<58}  seconds  CPU s  peak MiB")
    share = lines / everything
    floor, whole = (_best("floor", store, which, repeats) for which in ("", "all"))
    _line("floor: hash every column of claim lines once", floor)
    _line("floor: hash every column of every table once", whole)
    full = _best("build", store, "4GB", repeats)
    of_lines, of_all = (full["cpu"] / (each["cpu"] * share) for each in (floor, whole))
    _line("profiles of the window from lines", full, f"{of_lines:.0f} × lines, {of_all:.0f} × all tables (aim: 25)")
    tight = _best("build", store, "1GB", repeats)
    _line("the same under a memory limit of 1 GB", tight, f"{tight['cpu'] / full['cpu']:.2f} × without")
    facts = scratch / "facts"
    _measured("earlier", store, f"{_WINDOW} {facts}")
    further = _best("build", store, f"4GB {facts}", repeats, lambda: _forget(facts, months[-1]))
    _line("a further month from stored facts", further, f"{further['cpu'] / full['cpu']:.0%} of all anew (aim: 60 %)")
    for n in (3, 6, 12):
        if n <= len(opened.months()):
            place = f"{n} {scratch / f'facts-{n}'}"
            _measured("earlier", store, place)
            _line(f"facts of a new month with {n - 1} months stored before", _measured("facts", store, place))
    return full["cpu"] / lines


def _compare_peers(store: Path) -> None:
    opened = ClaimsStore.open(store)
    answer = ours(opened, _THREADS)
    _say("  a dozen features over all months")
    for name in _DOZEN:
        _line(f"  {name}", _measured("dozen", store, name))
    for name, compute in (("pandas", with_pandas), ("Polars", with_polars)):
        gap = difference(answer, compute(opened))
        if gap > _EQUAL:
            raise SystemExit(f"{name} differs from the toolkit by {gap}")
    _say(f"  all three agree within {_EQUAL:g}")


def main() -> None:
    """Print one block per store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scales", nargs="+", choices=list(SCALES), default=["medium"])
    parser.add_argument("--months", type=int, default=_WINDOW, help="17 months of `large` hold some 50 million lines")
    parser.add_argument("--repeats", type=int, default=3, help="runs of which the least counts")
    parser.add_argument("--store", type=Path, nargs="+", default=[], help="claims stores that are there, instead")
    parser.add_argument("--profile", action="store_true", help="CPU seconds of a full build by statement")
    parser.add_argument("--one", nargs=3, metavar=("JOB", "STORE", "WORD"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        job, folder, word = asked.one
        _say(json.dumps(_one(job, Path(folder), word)))
        return
    _say(describe_machine("duckdb", "numpy", "pandas", "polars", "pyarrow") + f", load {os.getloadavg()[0]:.1f}")
    per_line = []
    for target in asked.store or asked.scales:
        with tempfile.TemporaryDirectory(prefix="features-bench-") as folder:
            scratch = Path(folder)
            store = target if asked.store else make_store_of(target, asked.months, scratch)
            if asked.profile:
                for step, cpu in profile(ClaimsStore.open(store), _WINDOW, _THREADS):
                    _say(f"{step:<50} {cpu:>8.2f}")
                continue
            per_line.append(_compare_building(store, scratch, asked.repeats))
            _compare_peers(store)
    if len(per_line) > 1:
        _say(f"CPU per line, last to first: {per_line[-1] / per_line[0]:.2f} (aim: 1.15)")


if __name__ == "__main__":
    main()
