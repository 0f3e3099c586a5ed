"""How small a scheme is still found in held-out cities: `python -m experiments.studies.detection_power OUT`.

One city per held-out seed, share of the schemes and rotation of sizes: each scheme is planted in each size once per
seed, few schemes at a time, so that they do not crowd each other out of the review budget. Each city is invented,
ingested and scored without a model, then measured; cities are thrown away. Writes
`detection-power.json`, `detection-power.html` and `detection-power-zh.html` into OUT. A city that has no room for all
schemes of its choice is replaced by two with half of them each; a scheme that does not fit alone is named as left out.
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
from typing import TYPE_CHECKING

from experiments.held_out import HELD_OUT_SEEDS
from experiments.recall import measure_recall, read_truth
from experiments.recall.page import render_page
from experiments.recall.pool import pool
from experiments.recall.scored import Budget
from experiments.recall.truth import SIZES
from experiments.synthetic import generate_city, write_city
from experiments.synthetic.schemes import SCHEMES
from features.claims import ingest_source
from features.errors import InputError
from fraud.runs.publish import replaced
from fraud.scoring import score_month
from fraud.settings import Settings
from fraud.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from experiments.recall import Recall

_NAME = "detection-power"


def choices(codes: Sequence[str], schemes_each: int) -> Iterator[str]:
    """Yield the choice of schemes of each city of a seed, as `fraud synth --schemes` takes it.

    Examples
    --------
    >>> list(choices(["A", "B"], 1))
    ['A:small', 'A:medium', 'A:large', 'B:small', 'B:medium', 'B:large']
    >>> list(choices(["A", "B"], 2))
    ['A:small,B:medium', 'A:medium,B:large', 'A:large,B:small']
    """
    n_groups = -(-len(codes) // schemes_each)
    for group in range(n_groups):
        own = codes[group::n_groups]
        for turn in range(len(SIZES)):
            yield ",".join(f"{code}:{SIZES[(place + turn) % len(SIZES)]}" for place, code in enumerate(own))


def measure_city(
    asked: tuple[int, int, int, int], schemes: str, *, n_scored: int, budget: Budget, n_draws: int = 100
) -> Recall:
    """Invent, ingest, score and measure one city in a folder that is removed afterwards.

    Parameters
    ----------
    asked : tuple of int
        Persons, providers, months and seed.
    schemes : str
        As `fraud synth --schemes` takes it.
    n_scored : int
        Last months to score.
    budget : Budget
        What can be reviewed.
    n_draws : int
        Of the bootstrap inside the city, whose intervals pooling replaces.
    """
    persons, providers, months, seed = asked
    with tempfile.TemporaryDirectory(prefix=f"{_NAME}-") as folder:
        root = Path(folder)
        with generate_city(persons, providers, months, "2026-01", seed, schemes=schemes, scratch=root) as city:
            write_city(city, root / "source")
            names = city.request.months
        workspace = Workspace(root / "workspace")
        with workspace.writer():
            ingest_source(root / "source", workspace.store)
            for month in names[-n_scored:]:
                score_month(workspace, month, settings=Settings(), model_alias="none", threads=2)
        truth = read_truth(root / "source-truth")
        return measure_recall(workspace, names[-1], truth, budget=budget, alias="none", n_draws=n_draws)


def main(arguments: Sequence[str]) -> None:
    """Measure every city, pool, write and print what was measured."""
    wanted = _parse(arguments)
    began = time.monotonic()
    codes = list(dict.fromkeys(scheme.code for scheme in SCHEMES))
    found = []
    for seed in HELD_OUT_SEEDS[: wanted.seeds]:
        for text in choices(codes, wanted.schemes_each):
            found += _measure(wanted, seed, text.split(","))
    if not found:
        sys.exit("no scheme fits into a city of this size")
    pooled = pool(found)
    machine = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "versions": {name: version(name) for name in ("duckdb", "lightgbm", "numpy", "pandas", "pyarrow")},
    }
    with replaced(wanted.out) as folder:
        record = {**pooled.record(), **machine, "cities": [one.record() for one in found]}
        text = json.dumps(record, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{_NAME}.json").write_text(text, encoding="utf-8")
        for lang, ending in (("en", ""), ("zh", "-zh")):
            (folder / f"{_NAME}{ending}.html").write_text(render_page(pooled, lang=lang), encoding="utf-8")
    _show(pooled)
    print(f"{machine['machine']}; {machine['versions']}; {len(found)} cities, {time.monotonic() - began:.0f} s")


def _measure(wanted: argparse.Namespace, seed: int, schemes: Sequence[str]) -> list[Recall]:
    """Measure one city, or two of half the schemes each where it has no room for all of them."""
    start, text = time.monotonic(), ",".join(schemes)
    asked = (wanted.persons, wanted.providers, wanted.months, seed)
    try:
        found = measure_city(asked, text, n_scored=wanted.scored, budget=Budget(wanted.budget, wanted.cases))
    except InputError as error:
        if len(schemes) == 1:
            print(f"seed {seed}: left out: {error}", flush=True)
            return []
        half = len(schemes) // 2
        return _measure(wanted, seed, schemes[:half]) + _measure(wanted, seed, schemes[half:])
    print(f"seed {seed}, {text}: {time.monotonic() - start:.0f} s", flush=True)
    return [found]


def _show(pooled: Recall) -> None:
    columns = [
        "entity",
        "scheme_code",
        "size",
        "n_guilty",
        "n_possible",
        "n_found",
        "recall",
        "recall_low",
        "recall_high",
    ]
    print(pooled.schemes[[*columns, "median_rank", "found_amount_share"]].round(2).to_string(index=False))
    print(pooled.power.round(3).to_string(index=False))
    print(pooled.twins[["twin_of", "subject_type", "n_ranked", "n_inside", "false_alarm_rate"]].to_string(index=False))
    print(", ".join(f"{name} {value}" for name, value in pooled.ring_summary.items()))


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m experiments.studies.detection_power", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write; an earlier report there is replaced")
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--providers", type=int, default=300)
    parser.add_argument("--months", type=int, default=6)
    parser.add_argument("--seeds", type=int, default=3, choices=range(1, len(HELD_OUT_SEEDS) + 1), help="how many")
    parser.add_argument("--schemes-each", type=int, default=10, help="schemes per city")
    parser.add_argument("--scored", type=int, default=1, help="last months to score")
    parser.add_argument("--budget", type=float, default=0.02, help="share of providers reviewed")
    parser.add_argument("--cases", type=int, default=200, help="patients reviewed")
    wanted = parser.parse_args(arguments)
    standing = wanted.out
    if standing.exists() and any(standing.iterdir()) and not (standing / f"{_NAME}.json").is_file():
        parser.error(f"{standing} holds something that is no report of this study")
    return wanted


if __name__ == "__main__":
    main(sys.argv[1:])
