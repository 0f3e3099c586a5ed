"""Measure ingest: `python -m experiments.benchmarks.ingest [--scale medium] [--source FOLDER] [--profile]`.

The yardstick is DuckDB copying the same CSV files, sniffed with its defaults, to Parquet: same run, same threads, each
in a process of its own. Ours types, judges, codes, digests and orders the rows as well, and counts relations among
them; what that takes alone is told beside it.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import duckdb

from experiments.benchmarks.ingest_steps import profile
from experiments.benchmarks.machine import describe_machine, peak_mib
from experiments.synthetic import SCALES, generate_city, write_city
from features.claims import ingest_source
from features.engine import path_list, quoted

_MONTHS = 6
_THREADS = 2
# Steps as ingest tells them.
_RELATIONS, _AFTER_THEM = "checking relations", "writing"


def _as_csv(source: Path, out: Path) -> None:
    """Write every table of a Parquet source as one CSV file."""
    out.mkdir()
    connection = duckdb.connect(config={"threads": _THREADS})
    for table in sorted({path.stem for path in source.iterdir() if path.is_dir() or path.suffix == ".parquet"}):
        files = sorted((source / table).rglob("*.parquet")) or [source / f"{table}.parquet"]
        rows = f"select * from read_parquet({path_list(files)}, hive_partitioning = false)"
        connection.execute(f"copy ({rows}) to {quoted(str(out / f'{table}.csv'))} (header)")


def _copy(source: Path, out: Path) -> None:
    out.mkdir()
    connection = duckdb.connect(config={"threads": _THREADS})
    for path in sorted(source.glob("*.csv")):
        target = quoted(str(out / f"{path.stem}.parquet"))
        connection.execute(f"copy (select * from read_csv({path_list([path])})) to {target} (compression zstd)")


def _measured(job: str, source: Path, out: Path) -> dict[str, float]:
    began, cpu = time.perf_counter(), time.process_time()  # of the job alone, without the imports
    rows = 0
    steps: dict[str, tuple[float, float]] = {}
    if job == "copy":
        _copy(source, out)
    else:

        def told(step: str) -> None:
            steps[step] = time.perf_counter(), time.process_time()

        rows = sum(table.n_read for table in ingest_source(source, out, threads=_THREADS, progress=told).tables)
    start, end = (steps.get(step, (0.0, 0.0)) for step in (_RELATIONS, _AFTER_THEM))
    return {
        "rows": rows,
        "relations_seconds": end[0] - start[0],
        "relations_cpu": end[1] - start[1],
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - cpu,
        "peak_mib": peak_mib(),
        "mib": sum(path.stat().st_size for path in out.rglob("*.parquet")) / 2**20,
    }


def _in_own_process(job: str, source: Path, out: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "experiments.benchmarks.ingest", "--one", job, str(source), str(out)]
    answer = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    measured: dict[str, float] = json.loads(answer.stdout)
    return measured


def _row(name: str, measured: dict[str, float], copy: dict[str, float]) -> str:
    cpu, wall = (measured[unit] / copy[unit] for unit in ("cpu", "seconds"))
    return (
        f"{name:>8} {measured['seconds']:>9.1f} {measured['cpu']:>9.1f} {measured['peak_mib']:>9,.0f} "
        f"{measured['mib']:>9,.0f} {cpu:>11.2f} {wall:>12.2f}"
    )


def _relations_row(ours: dict[str, float], copy: dict[str, float]) -> str:
    seconds, cpu = ours["relations_seconds"], ours["relations_cpu"]
    ratios = f"{cpu / copy['cpu']:>11.2f} {seconds / copy['seconds']:>12.2f}"
    return f"{'relations':>9} {seconds:>8.1f} {cpu:>9.1f} {'':>9} {'':>9} {ratios}  (aim: 1)"


def _content(store: Path) -> str:
    """Digest of every file of a store, to compare stores with."""
    total = hashlib.sha256()
    for path in sorted(store.rglob("*")):
        if path.is_file():
            total.update(f"{path.relative_to(store)}\0".encode() + path.read_bytes())
    return total.hexdigest()[:16]


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _compare(source: Path, scratch: Path) -> None:
    size = sum(path.stat().st_size for path in source.glob("*.csv")) / 2**20
    copy = _in_own_process("copy", source, scratch / "copy")
    ours = _in_own_process("ingest", source, scratch / "store")
    _say(f"{ours['rows']:,.0f} rows, {size:,.0f} MiB of CSV, {_THREADS} threads; store {_content(scratch / 'store')}")
    _say("           seconds       cpu  peak MiB  MiB left  × copy, cpu  × copy, wall")
    _say(_row("copy", copy, copy))
    _say(_row("ingest", ours, copy) + "  (aim: 3)")
    _say(_relations_row(ours, copy))


def main() -> None:
    """Print the copy and ingest of one city, or where the time of ingest goes."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--scale", choices=list(SCALES), default="medium")
    parser.add_argument("--source", type=Path, help="a Parquet source that is there, in place of an invented one")
    parser.add_argument("--profile", action="store_true", help="CPU seconds of ingest by step")
    parser.add_argument("--one", nargs=3, metavar=("JOB", "SOURCE", "OUT"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        job, source, out = asked.one
        _say(json.dumps(_measured(job, Path(source), Path(out))))
        return
    _say(describe_machine("duckdb") + f", load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="ingest-bench-") as folder:
        scratch = Path(folder)
        source = asked.source
        if source is None:
            size, source = SCALES[asked.scale], scratch / "city"
            with generate_city(
                size.persons, size.providers, _MONTHS, "2026-01", 7, schemes="all", scratch=scratch
            ) as city:
                write_city(city, source)
        _as_csv(source, scratch / "csv")
        if asked.profile:
            for step, cpu in profile(scratch / "csv", scratch / "store", _THREADS):
                _say(f"{step:<40} {cpu:>8.2f}")
        else:
            _compare(scratch / "csv", scratch)


if __name__ == "__main__":
    main()
