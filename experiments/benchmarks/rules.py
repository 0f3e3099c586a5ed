"""Measure rules: `python -m experiments.benchmarks.rules [--scales medium large] [--store DIR] [--profile]`.

The floor hashes every column of every stored row once, in a process of its own as the rules are; the ratio is of CPU
seconds in this run, the least of `--repeats`. Rules look at the last month of the store, with the five before it.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from experiments.benchmarks.features import make_store_of, scan_floor
from experiments.benchmarks.machine import describe_machine, peak_mib
from experiments.benchmarks.rule_steps import profile
from experiments.synthetic import SCALES
from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from fraud.rules import library_rules, run_rules

_WINDOW = 6
_THREADS = 2
_MEMORY = "3GB"
_AIM, _AIM_MIB = 15, 3 * 1024


def _rules(store: ClaimsStore) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as spill, DuckDBEngine(_MEMORY, _THREADS, Path(spill)) as engine:
        run = run_rules(store, engine, store.months()[-1], window_months=_WINDOW)
    return {
        "findings": len(run.findings),
        "failed": len(run.failed),
        "not_checked": len(run.not_checked),
        "rules": len(library_rules()),
    }


def _one(job: str, folder: Path) -> dict[str, float]:
    """Do one job and say what it took."""
    store = ClaimsStore.open(folder)
    idle = resource.getrusage(resource.RUSAGE_SELF)
    began = time.perf_counter()
    if job == "floor":
        scan_floor(store, whole=True)
    said = _rules(store) if job == "rules" else {}
    used = resource.getrusage(resource.RUSAGE_SELF)
    cpu = used.ru_utime + used.ru_stime - idle.ru_utime - idle.ru_stime
    return {"seconds": time.perf_counter() - began, "cpu": cpu, "peak_mib": peak_mib(), **said}


def _best(job: str, store: Path, repeats: int) -> dict[str, float]:
    """Run one job again and again, each in a process of its own: the least time, the largest peak."""
    found: list[dict[str, float]] = []
    for _ in range(repeats):
        words = [sys.executable, "-m", "experiments.benchmarks.rules", "--one", job, str(store)]
        answer = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
        found.append(json.loads(answer.stdout))
    return min(found, key=lambda each: each["cpu"]) | {"peak_mib": max(each["peak_mib"] for each in found)}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _compare(folder: Path, repeats: int) -> None:
    """Print what the floor and all rules take on one store."""
    catalog = ClaimsStore.open(folder).catalog
    lines, rows = (
        sum(part.rows for name, parts in catalog.tables.items() if name in chosen for part in parts)
        for chosen in ({"claim_lines"}, set(catalog.tables))
    )
    floor, rules = (_best(job, folder, repeats) for job in ("floor", "rules"))
    _say(f"{lines:,} claim lines, {rows:,} rows of {len(catalog.tables)} tables")
    for name, each in (("floor: hash every column of every table once", floor), ("all rules", rules)):
        _say(f"  {name:<46} {each['seconds']:>8.1f} s {each['cpu']:>8.1f} CPU s {each['peak_mib']:>8,.0f} MiB")
    _say(
        f"  {rules['rules']:.0f} rules, {rules['findings']:,.0f} findings, {rules['failed']:.0f} failed, "
        f"{rules['not_checked']:.0f} not checked: {rules['cpu'] / floor['cpu']:.1f} × the floor (aim {_AIM}), "
        f"peak {rules['peak_mib']:,.0f} MiB (aim {_AIM_MIB:,})"
    )


def main() -> None:
    """Print one block per store."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scales", nargs="+", choices=list(SCALES), default=["medium"])
    parser.add_argument("--repeats", type=int, default=3, help="runs of which the least counts")
    parser.add_argument("--store", type=Path, nargs="+", default=[], help="claims stores that are there, instead")
    parser.add_argument("--profile", action="store_true", help="CPU seconds by rule")
    parser.add_argument("--one", nargs=2, metavar=("JOB", "STORE"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        job, folder = asked.one
        _say(json.dumps(_one(job, Path(folder))))
        return
    _say(describe_machine("duckdb", "numpy", "pandas") + f", load {os.getloadavg()[0]:.1f}")
    for target in asked.store or asked.scales:
        with tempfile.TemporaryDirectory(prefix="rules-bench-") as scratch:
            store = target if asked.store else make_store_of(target, _WINDOW, Path(scratch))
            if asked.profile:
                for step, cpu in profile(ClaimsStore.open(store), _WINDOW, _THREADS):
                    _say(f"{step:<50} {cpu:>8.2f}")
            else:
                _compare(store, asked.repeats)


if __name__ == "__main__":
    main()
