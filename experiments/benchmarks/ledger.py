"""Measure the ledger of trace codes beside a scan of its events: `python -m experiments.benchmarks.ledger`.

Events are invented, with bills behind the insured sales. The floor hashes every column of every event once. Each
measurement runs in a process of its own, so that its peak memory is its own; the ratio is of CPU seconds in this run.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from experiments.benchmarks.machine import describe_machine, peak_mib
from features.claims import TABLES, ClaimsStore
from features.claims.store.catalog import Catalog
from features.engine import DuckDBEngine
from fraud.rules.ledger import make_ledger
from fraud.rules.relations.base import create_base

if TYPE_CHECKING:
    from collections.abc import Mapping

Measured = dict[str, float]
_MEMORY, _THREADS, _MONTHS = "3GB", 2, 6
_PER_BOX = 2.07  # events a box: in and out, some of them again
# What is done with a box, by a draw of ten thousand: sold twice, sold in four parts, taken back and sold, sent on.
_AGAIN, _PARTS, _BACK, _SENT = 100, 150, 170, 180

# A box by its number: how its code is written (ninety of a hundred as twenty digits), when and by whom it was sold.
_BOXES = """
select b, hash(b, 'fate') % 10000 as fate, hash(b, 'shop') % 5000 as shop, hash(b, 'item') % 2000 as item,
  timestamp '2025-01-01' + interval 1 minute * (hash(b, 'time') % 220000) as sold,
  case when b % 100 < 90 then '8' || lpad(cast(b as varchar), 19, '0')
    when b % 100 < 95 then '(01)06901234567892(21)' || b when b % 100 < 97 then '010690123456789221' || b
    else 'MK-' || lpad(cast(b as varchar), 10, '0') end as code
from range({n}) t(b)
"""
_EVENTS = """
select code as trace_code, sold - interval 30 day as event_time, 'inbound' as event_type, shop as provider_key,
  item as item_key, null as settlement_key, null as person_key, false as is_split_pack, 10000 as quantity, b * 8 as id
from boxes
union all
select code, sold, 'sale', shop, item, b * 4, hash(b, 'who') % 300000, fate between {again} and {parts}, case
  when fate between {again} and {parts} then 2500 else 10000 end, b * 8 + 1 from boxes
union all
select code, sold + interval 1 hour * (hash(b, 'gap') % 1400), 'sale', (shop + 7) % 5000, item, b * 4 + 1,
  hash(b, 'next') % 300000, false, 10000, b * 8 + 2 from boxes where fate < {again}
union all
select code, sold + interval 1 day * p, 'sale', shop, item, b * 4 + p, hash(b, p) % 300000, true, 2500, b * 8 + 2 + p
from boxes, range(1, 4) r(p) where fate between {again} and {parts}
union all
select code, sold + interval 1 day, 'return', shop, item, null, null, false, 10000, b * 8 + 6
from boxes where fate between {parts} + 1 and {back}
union all
select code, sold + interval 2 day, 'sale', shop, item, b * 4 + 1, hash(b, 'next') % 300000, false, 10000, b * 8 + 7
from boxes where fate between {parts} + 1 and {back}
union all
select code, sold + interval 1 hour, 'transfer', shop, item, null, null, false, 10000, b * 8 + 6
from boxes where fate between {back} + 1 and {sent}
"""
_SETTLEMENTS = """
select settlement_key, event_time as settle_time, cast(event_time as date) as service_start_date,
  cast(event_time as date) as service_end_date, person_key, provider_key, 'pharmacy' as encounter_type,
  5000 as total_amount, 4000 as fund_paid_amount, strftime(event_time, '%Y-%m') as month
from trace_events where event_type = 'sale'
"""
_LINES = """
select settlement_key, 1 as line_number, event_time as fee_time, item_key, 'western_drug' as item_type,
  10000 as quantity, 5000 as amount, provider_key, person_key, strftime(event_time, '%Y-%m') as month
from trace_events where event_type = 'sale'
"""


def _invent(n_events: int, folder: Path) -> None:
    """Write events, and settlements and lines behind their sales, as canonical tables."""
    fates = {"again": _AGAIN, "parts": _PARTS, "back": _BACK, "sent": _SENT}
    with DuckDBEngine(_MEMORY, _THREADS) as engine:
        engine.create_view("boxes", _BOXES.format(n=int(n_events / _PER_BOX)))
        events = _EVENTS.format(**fates)
        shown = "*, cast(id as varchar) as event_id, strftime(event_time, '%Y-%m') as month"
        _write(engine, "trace_events", f"select {shown} from ({events}) e order by event_time, id", folder)
        engine.read_parquet_view("trace_events", [folder / "trace_events.parquet"])
        _write(engine, "settlements", _SETTLEMENTS, folder)
        _write(engine, "claim_lines", _LINES, folder)


def _write(engine: DuckDBEngine, table: str, sql: str, folder: Path) -> None:
    """Write a table with all columns of the contract, absent ones null."""
    given = set(engine.frame(f"select * from ({sql}) limit 0").columns)
    columns = (f"cast({name if name in given else 'null'} as {kind}) as {name}" for name, kind in TABLES[table].stored)
    engine.write_parquet(f"select {', '.join(columns)} from ({sql})", folder / f"{table}.parquet")


def _attached(engine: DuckDBEngine, folder: Path) -> None:
    ClaimsStore(Path(), Catalog()).attach(engine)
    for table in ("trace_events", "settlements", "claim_lines"):
        engine.read_parquet_view(table, [folder / f"{table}.parquet"])


def _floor(engine: DuckDBEngine) -> None:
    """Hash every column of every event once."""
    columns = (f"bit_xor(hash({name}))" for name, _ in TABLES["trace_events"].stored)
    engine.rows(f"select {', '.join(columns)} from trace_events")


def _one(job: str, folder: Path) -> Measured:
    with DuckDBEngine(_MEMORY, _THREADS) as engine:
        _attached(engine, folder)
        if job == "ledger":
            engine.create_view(
                "codes_settlement", "select settlement_key, cast(settlement_key as varchar) as settlement_id"
                " from settlements",
            )  # fmt: skip
            create_base(engine)
        idle = resource.getrusage(resource.RUSAGE_SELF)
        began = time.perf_counter()
        if job == "floor":
            _floor(engine)
        else:
            make_ledger(engine)
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = used.ru_utime + used.ru_stime - idle.ru_utime - idle.ru_stime
        found = engine.rows("select count(*) from ledger_second_sales")[0][0] if job == "ledger" else 0
    return {"seconds": time.perf_counter() - began, "cpu": cpu, "peak_mib": peak_mib(), "found": found}


def _measured(job: str, folder: Path, repeats: int) -> Measured:
    """Run one job again and again, each in a process of its own: the least time, and the largest peak."""
    found: list[Measured] = []
    for _ in range(repeats):
        words = [sys.executable, "-m", "experiments.benchmarks.ledger", "--one", job, str(folder)]
        answer = subprocess.run(words, check=True, capture_output=True, text=True)  # noqa: S603 - our own module
        found.append(json.loads(answer.stdout))
    return min(found, key=lambda each: each["cpu"]) | {"peak_mib": max(each["peak_mib"] for each in found)}


def measure(n_events: int, repeats: int) -> str:
    """Measure one number of events; one row of the printed table."""
    with tempfile.TemporaryDirectory(prefix="ledger-bench-") as scratch:
        folder = Path(scratch)
        _invent(n_events, folder)
        with DuckDBEngine(_MEMORY, _THREADS) as engine:
            engine.read_parquet_view("trace_events", [folder / "trace_events.parquet"])
            written = engine.rows("select count(*) from trace_events")[0][0]
        jobs: Mapping[str, Measured] = {job: _measured(job, folder, repeats) for job in ("floor", "ledger")}
    floor, ledger = jobs["floor"], jobs["ledger"]
    figures = (
        f"{written:,}",
        f"{int(ledger['found']):,}",
        *(f"{each['cpu']:.2f}" for each in (floor, ledger)),
        f"{ledger['cpu'] / floor['cpu']:.1f} (aim: 10)",
        f"{ledger['peak_mib']:,.0f}",
    )
    return f"| {' | '.join(figures)} |"


def main() -> None:
    """Print machine, versions and one row per number of events."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--events", type=int, nargs="+", default=[1_000_000, 10_000_000])
    parser.add_argument("--repeats", type=int, default=3, help="runs of which the least counts")
    parser.add_argument("--one", nargs=2, metavar=("JOB", "FOLDER"), help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        job, folder = asked.one
        sys.stdout.write(json.dumps(_one(job, Path(folder))) + "\n")
        return
    lines = [
        describe_machine("duckdb"),
        "| events | second sales | floor CPU s | ledger CPU s | ratio | peak MiB |",
        "|---|---|---|---|---|---|",
    ]
    sys.stdout.write("\n".join(lines) + "\n")
    for n_events in asked.events:
        sys.stdout.write(measure(n_events, asked.repeats) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
