"""Measure how cities are generated: `python -m experiments.benchmarks.city [--scales small medium large]`.

Each city is invented in a process of its own, so that its peak memory is its own. The yardstick is DuckDB copying the
same source from Parquet to Parquet in the same run.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from experiments.benchmarks.machine import describe_machine, peak_mib
from experiments.synthetic import SCALES, generate_city, write_city

_MONTHS = 6
_GROWTH = (3, 6, 12)  # months of one city, to see whether memory grows with them


def _invent(out: Path, persons: int, providers: int, months: int) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()
    with generate_city(persons, providers, months, "2026-01", 7, schemes="all", scratch=out.parent) as city:
        written = write_city(city, out)
    return {
        "lines": written.rows["claim_lines"],
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak_mib": peak_mib(),
    }


def _in_own_process(out: Path, persons: int, providers: int, months: int) -> dict[str, float]:
    words = [sys.executable, "-m", "experiments.benchmarks.city", "--one", str(out)]
    numbers = [str(number) for number in (persons, providers, months)]
    answer = subprocess.run([*words, *numbers], check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def _copy_cpu(source: Path, scratch: Path) -> float:
    """CPU seconds that DuckDB takes to copy every table of a source."""
    connection = duckdb.connect(config={"threads": 1})
    began = time.process_time()
    for number, path in enumerate(sorted(source.rglob("*.parquet"))):
        target = scratch / f"{number}.parquet"
        connection.sql(f"select * from read_parquet('{path}')").write_parquet(str(target), compression="zstd")
        target.unlink()
    return time.process_time() - began


def _row(name: str, months: int, measured: dict[str, float], copy: float) -> str:
    return (
        f"{name:>8} {months:>7} {measured['lines']:>12,.0f} {measured['seconds']:>9.1f} {measured['cpu']:>9.1f} "
        f"{measured['lines'] / measured['cpu']:>12,.0f} {measured['peak_mib']:>9,.0f} {measured['cpu'] / copy:>7.1f}"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def main() -> None:
    """Print one row per city."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scales", nargs="+", choices=list(SCALES), default=["small", "medium"])
    parser.add_argument("--one", nargs=4, metavar=("OUT", "PERSONS", "PROVIDERS", "MONTHS"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        out, *numbers = asked.one
        _say(json.dumps(_invent(Path(out), *map(int, numbers))))
        return
    _say(describe_machine("numpy", "pandas", "pyarrow", "duckdb"))
    _say("   scale  months        lines   seconds       cpu  lines/cpu s  peak MiB  × copy")
    runs = [(name, SCALES[name].persons, SCALES[name].providers, _MONTHS) for name in asked.scales]
    runs += [("growth", 20_000, 300, months) for months in _GROWTH]
    for name, persons, providers, months in runs:
        with tempfile.TemporaryDirectory(prefix="city-bench-") as folder:
            source = Path(folder) / "city"
            measured = _in_own_process(source, persons, providers, months)
            _say(_row(name, months, measured, _copy_cpu(source, Path(folder))))


if __name__ == "__main__":
    main()
