"""What rules find in invented cities, line by line: `python -m experiments.studies.rules OUT --seeds 31 32`.

Each seed gives a city with all schemes and one without any. Rules run on every month, no model and no ranking; their
violating lines are held against the guilty lines, the innocents who resemble a scheme, and the slips of data entry.
Writes `rules.json` into OUT, and prints machine, versions and seconds. Seeds are the caller's: those of
`experiments/held_out.py` are left to the study that publishes figures.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.recall import read_truth
from experiments.recall.claims import locate
from experiments.recall.lines import is_slip, measure_lines
from experiments.recall.twins import measure_twins
from experiments.synthetic import generate_city, write_city
from features.claims import ClaimsStore, ingest_source
from fraud.engine_settings import EngineSettings
from fraud.findings import Findings
from fraud.rules import run_rules
from fraud.runs.publish import replaced

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.recall.claims import Located
    from experiments.recall.truth import Truth

_NAME = "rules"
_NO_RINGS = pd.DataFrame({"member_id": pd.Series(dtype="str")})
_COUNTS = [
    "n_reported",
    "n_planted",
    "n_both",
    "n_any",
    "n_slip",
    "reported_amount",
    "planted_amount",
    "matched_amount",
]


def measure_city(persons: int, providers: int, months: int, seed: int, schemes: str) -> dict[str, pd.DataFrame]:
    """Invent and ingest a city, run all rules on all of its months, and measure what they said.

    Parameters
    ----------
    persons, providers, months, seed : int
        As `fraud synth` takes them.
    schemes : str
        As `fraud synth --schemes` takes it.

    Returns
    -------
    dict of str to DataFrame
        `lines` and `twins` of `experiments.recall`, with what is a planted slip of data entry; `reported`, one row per
        rule and result type: `n_lines`, of these `n_guilty` (of any scheme), and of the others `n_slip`; `runs`, one
        row per rule and month that could not be checked or failed.
    """
    with tempfile.TemporaryDirectory(prefix=f"{_NAME}-") as folder:
        root = Path(folder)
        with generate_city(persons, providers, months, "2026-01", seed, schemes=schemes, scratch=root) as city:
            write_city(city, root / "source")
            names = city.request.months
        ingest_source(root / "source", root / "store")
        store, truth = ClaimsStore.open(root / "store"), read_truth(root / "source-truth")
        found, troubles = _run(store, names)
        located = locate(
            store,
            truth.lines,
            found.findings,
            found.lines,
            months=list(names),
            first=names[0],
            limits=EngineSettings(threads=2, memory_limit="4GB"),
        )
    return {
        "lines": measure_lines(located, names, truth.slips),
        "twins": measure_twins(truth, {}, found.findings, _NO_RINGS),
        "reported": _reported(found, located, truth),
        "runs": troubles,
    }


def _run(store: ClaimsStore, months: Sequence[str]) -> tuple[Findings, pd.DataFrame]:
    parts, troubles = [], []
    for month in months:
        with EngineSettings(threads=2, memory_limit="4GB").open() as engine:
            run = run_rules(store, engine, month)
        parts.append(run.findings)
        troubles += [{"month": month, "code": each.code, "why": ", ".join(each.missing)} for each in run.not_checked]
        troubles += [{"month": month, "code": each.code, "why": each.why} for each in run.failed]
    return Findings.concat(parts), pd.DataFrame(troubles, columns=["month", "code", "why"])


def _reported(found: Findings, located: Located, truth: Truth) -> pd.DataFrame:
    """Count the violating lines of each rule and result type, those of settlements named as a whole too, and slips."""
    keys = ["settlement_id", "line_number"]
    codes = found.findings.loc[found.findings["source"] == "rule", ["finding_id", "code", "result_type"]]
    rows = found.lines[found.lines["role"] == "violating"].merge(codes, on="finding_id")
    is_whole = rows["line_number"].isna()
    # The lines of a settlement may be of both types: only one named as a whole lends its type to all of them.
    kinds = rows.loc[is_whole, ["settlement_id", "code", "result_type"]]
    parts = located.reported[[*keys, "code"]].merge(kinds, on=["settlement_id", "code"])
    columns = ["code", "result_type", *keys]
    lines = pd.concat([rows.loc[~is_whole, columns].astype({"line_number": "int64"}), parts[columns]])
    lines = lines.drop_duplicates(ignore_index=True)
    named = pd.MultiIndex.from_frame(lines[keys])
    is_guilty = named.isin(pd.MultiIndex.from_frame(located.planted[keys].astype({"line_number": "int64"})))
    counted = lines.assign(n_lines=1, n_guilty=is_guilty, n_slip=is_slip(lines, truth.slips) & ~is_guilty)
    counts = ["n_lines", "n_guilty", "n_slip"]
    return counted.groupby(["code", "result_type"], sort=True)[counts].sum().reset_index()


def pooled(cities: Sequence[dict[str, pd.DataFrame]]) -> dict[str, pd.DataFrame]:
    """Add the counts of cities up, and form the shares anew."""
    keys = ["scheme_code", "rule"]
    lines = pd.concat([city["lines"].reindex(columns=[*keys, *_COUNTS]) for city in cities])
    lines = lines.groupby(keys, as_index=False)[_COUNTS].sum()
    lines["precision"] = lines["n_both"] / lines["n_reported"]
    lines["any_precision"] = lines["n_any"] / lines["n_reported"]
    lines["explained_precision"] = (lines["n_any"] + lines["n_slip"]) / lines["n_reported"]
    lines["recall"] = lines["n_both"] / lines["n_planted"]
    lines["amount_ratio"] = lines["reported_amount"] / lines["planted_amount"]
    keys, counts = ["twin_of", "subject_type"], ["n_twins", "n_definite", "n_other", "n_same_scheme"]
    twins = pd.concat([city["twins"].reindex(columns=[*keys, *counts]) for city in cities])
    twins = twins.groupby(keys, as_index=False)[counts].sum()
    reported = pd.concat([city["reported"] for city in cities])
    reported = reported.groupby(["code", "result_type"], as_index=False)[["n_lines", "n_guilty", "n_slip"]].sum()
    reported["n_unexplained"] = reported["n_lines"] - reported["n_guilty"] - reported["n_slip"]
    return {
        "lines": lines,
        "twins": twins.assign(same_scheme_share=twins["n_same_scheme"] / twins["n_twins"]),
        "reported": reported,
        "runs": pd.concat([city["runs"] for city in cities]).drop_duplicates(["code", "why"]),
    }


def main(arguments: Sequence[str]) -> None:
    """Measure the cities of all seeds, with schemes and without; write and print what was measured."""
    wanted = _parse(arguments)
    began = time.monotonic()
    record: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("duckdb", "numpy", "pandas", "pyarrow")},
        "seeds": wanted.seeds,
        "size": {"persons": wanted.persons, "providers": wanted.providers, "months": wanted.months},
    }
    for name, schemes in (("guilty", wanted.schemes), ("honest", "none")):
        cities = [measure_city(wanted.persons, wanted.providers, wanted.months, seed, schemes) for seed in wanted.seeds]
        found = pooled(cities)
        record[name] = {table: json.loads(frame.to_json(orient="records")) for table, frame in found.items()}
        for table, frame in found.items():
            print(f"\n{name} cities: {table}\n{frame.round(3).to_string(index=False)}", flush=True)
    record["seconds"] = round(time.monotonic() - began)
    with replaced(wanted.out) as folder:
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{_NAME}.json").write_text(text, encoding="utf-8")
    print(f"\n{record['machine']}; {record['versions']}; {record['seconds']} s")


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m experiments.studies.rules", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write; an earlier report there is replaced")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--providers", type=int, default=300)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--schemes", default="all", help="as `fraud synth --schemes` takes it")
    wanted = parser.parse_args(arguments)
    standing = wanted.out
    if standing.exists() and any(standing.iterdir()) and not (standing / f"{_NAME}.json").is_file():
        parser.error(f"{standing} holds something that is no report of this study")
    return wanted


if __name__ == "__main__":
    main(sys.argv[1:])
