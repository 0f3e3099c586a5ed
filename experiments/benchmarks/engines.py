"""Measure profiles on DuckDB and on Spark: `python -m experiments.benchmarks.engines [--persons 3000 20000]`.

Needs the extra `spark` and Java. Every measurement runs in a process of its own, facts included, on the same store.
CPU seconds are those of the process and, for Spark, of its virtual machine; the clock of a busy machine says nothing.
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

from experiments.benchmarks.machine import describe_machine, peak_mib
from experiments.synthetic import generate_city, write_city
from features.build import build_profiles
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.engine.spark_engine import SparkEngine

_PERSONS_PER_PROVIDER = 60
_MONTHS = 6
_THREADS = 2
_JAVA_OPTIONS = "-XX:ReservedCodeCacheSize=240m"


def _on_duckdb(store: ClaimsStore, scratch: Path) -> dict[str, float]:
    with DuckDBEngine("4GB", _THREADS, scratch) as engine:
        build_profiles(store, store.months()[-1], engine, facts_folder=scratch / "facts")
    used = resource.getrusage(resource.RUSAGE_SELF)
    return {"cpu": used.ru_utime + used.ru_stime, "peak_mib": peak_mib()}


def _on_spark(store: ClaimsStore, scratch: Path) -> dict[str, float]:
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master(f"local[{_THREADS}]").config("spark.driver.memory", "4g")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": str(2 * _THREADS),
        "spark.local.dir": str(scratch / "local"),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.driver.extraJavaOptions": _JAVA_OPTIONS,
        "spark.log.level": "ERROR",
    }
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    with SparkEngine(session, scratch) as engine:
        build_profiles(store, store.months()[-1], engine, facts_folder=scratch / "facts")
    (machine,) = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()[:1]
    fields = Path(f"/proc/{machine}/stat").read_text().rpartition(")")[2].split()
    status = dict(line.split(":\t") for line in Path(f"/proc/{machine}/status").read_text().splitlines())
    java = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    used = resource.getrusage(resource.RUSAGE_SELF)
    session.stop()
    return {"cpu": used.ru_utime + used.ru_stime + java, "peak_mib": int(status["VmHWM"].split()[0]) / 1024}


_ENGINES = {"DuckDB": _on_duckdb, "Spark": _on_spark}


def _measured(engine: str, store: Path) -> dict[str, float]:
    words = [sys.executable, "-m", "experiments.benchmarks.engines", "--one", engine, "--store", str(store)]
    began = time.perf_counter()
    answer = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
    found: dict[str, float] = json.loads(answer.stdout.splitlines()[-1])
    return found | {"seconds": time.perf_counter() - began}


def _city(folder: Path, persons: int) -> int:
    providers = max(persons // _PERSONS_PER_PROVIDER, 40)
    with generate_city(persons, providers, _MONTHS, "2026-01", 7, schemes="all", scratch=folder.parent) as city:
        written = write_city(city, folder / "source")
    ingest_source(folder / "source", folder / "store")
    return int(written.rows["claim_lines"])


def main() -> None:
    """Print CPU seconds and peak memory of both engines at every size, and what each further line costs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--persons", nargs="+", type=int, default=[3_000, 20_000])
    parser.add_argument("--one", choices=sorted(_ENGINES), help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        with tempfile.TemporaryDirectory() as scratch:
            print(json.dumps(_ENGINES[given.one](ClaimsStore.open(given.store), Path(scratch))))  # noqa: T201
        return
    rows: dict[str, list[tuple[int, float]]] = {name: [] for name in _ENGINES}
    print(describe_machine("duckdb", "pyspark"))  # noqa: T201
    print("| engine | claim lines | CPU s | peak MiB | wall s |\n|---|---|---|---|---|")  # noqa: T201
    with tempfile.TemporaryDirectory() as work:
        for persons in sorted(given.persons):
            lines = _city(Path(work) / str(persons), persons)
            for name in _ENGINES:
                found = _measured(name, Path(work) / str(persons) / "store")
                rows[name].append((lines, found["cpu"]))
                told = f"{found['cpu']:.0f} | {found['peak_mib']:.0f} | {found['seconds']:.0f}"
                print(f"| {name} | {lines:,} | {told} |", flush=True)  # noqa: T201
    for name, points in rows.items():
        (few, least), (many, most) = points[0], points[-1]
        if many > few:
            print(f"{name}: {(most - least) / (many - few) * 1e6:.1f} CPU s per further million lines")  # noqa: T201


if __name__ == "__main__":
    main()
