"""Whether stacked months teach more than the last one: `python -m experiments.studies.stacked_months OUT --seeds 31`.

Each seed gives a city of twelve months. A training of the end of September observes the last month, or several, with
the decisions known by then on a share of the guilty and on as many innocents; models of other groups rank the subjects
of December, all of whose guilty are known. Writes `stacked-months.csv` into OUT. Seeds are the caller's, never the
held-out ones.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, get_args

import numpy as np
import pandas as pd

from experiments.config import TrainConfig, load_config
from experiments.dataset import Dataset, build_dataset
from experiments.known_then import MONTH, SUBJECT, Cut, Known, count_subjects
from experiments.metrics import measure_rankings
from experiments.months import observed_months, window_days
from experiments.recall import read_truth
from experiments.splits import out_of_fold
from experiments.synthetic import generate_city, write_city
from features.claims import ClaimsStore, ingest_source
from features.vocabulary.entities import ScoredEntity
from fraud.labels import settle_labels
from fraud.models.mode import decide_mode
from fraud.models.trained import AMOUNT
from fraud.settings import ModelSettings, Settings
from fraud.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from experiments.recall.truth import Truth

_AS_OF, _LATER, _WINDOW = date(2026, 9, 30), date(2026, 12, 31), 6
# Months observed and months between them: today's way first.
_STACKS = ((1, 1), (2, 3), (3, 1), (4, 1))
# A priority from however few are known: the study asks what they teach, not whether they are enough.
_MODELS = ModelSettings(min_positives_pu=5)


def main(arguments: Sequence[str]) -> None:
    """Measure the cities of all seeds; write and print average precision."""
    wanted = _parse(arguments)
    rows = []
    for seed in wanted.seeds:
        began = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="stacked-") as folder:
            root = Path(folder)
            with generate_city(
                wanted.persons, wanted.providers, 12, "2026-01", seed, schemes="all", scratch=root
            ) as city:
                write_city(city, root / "source")
            workspace = Workspace(root / "workspace")
            ingest_source(root / "source", workspace.store)
            truth = read_truth(root / "source-truth")
            for entity in wanted.entities:
                rows += list(_measure(workspace, truth, entity, seed, wanted))
        print(f"seed {seed}: {time.monotonic() - began:.0f} s", flush=True)
    found = pd.DataFrame(rows)
    wanted.out.mkdir(parents=True, exist_ok=True)
    found.to_csv(wanted.out / "stacked-months.csv", index=False)
    keys = ["entity", "share", "mode", "choice", "n_months", "step_months"]
    print(found.to_string(index=False))
    print(found.groupby(keys)[["average_precision", "auroc", "amount"]].mean().round(3).to_string())


def _measure(
    workspace: Workspace, truth: Truth, entity: ScoredEntity, seed: int, wanted: argparse.Namespace
) -> Iterator[dict[str, object]]:
    config = load_config(entity).model_copy(update={"n_months": 7, "step_months": 1})
    data = build_dataset(workspace, entity, _LATER, Settings(), config)
    months = ClaimsStore.open(workspace.store).months()
    guilty = _guilty(truth, entity, set(data.groups.of.index))
    rows, values = data.profiles.index, data.without(())
    later = rows[rows.get_level_values(MONTH) == data.month]
    is_guilty = pd.Series(rows.get_level_values(SUBJECT).isin(guilty.index), index=rows, dtype="boolean")
    amounts = values[AMOUNT].fillna(0.0)
    for share in wanted.shares:
        decisions = _decisions(guilty, data.groups.of.index, entity, share, seed)
        for n_months, step in _STACKS:
            stacked = observed_months(months, _AS_OF, window_months=_WINDOW, n_months=n_months, step_months=step)
            known = _known(data, stacked, decisions)
            n_known = count_subjects(known.is_positive)
            mode = decide_mode(*n_known, _MODELS)
            if mode == "none":
                continue
            cut = Cut(data.month, later, known.teaching(mode), is_forward=True)
            for counts in dict.fromkeys(((), tuple(wanted.column_counts))):
                recipe = TrainConfig(**{**config.model_dump(), "column_counts": counts}).recipe(mode)
                began = time.process_time()
                folds = out_of_fold(values, is_guilty, data.group_of, recipe, [cut], n_folds=5, seed=seed)
                seconds = time.process_time() - began
                frame = folds.assign(amount=amounts[folds.index])
                measured = measure_rankings(frame, ("score", "amount"), budget=0.02, n_draws=1, seed=seed).intervals()
                yield {
                    "seed": seed,
                    "entity": entity,
                    "share": share,
                    "mode": mode,
                    "n_positives": n_known[0],
                    "n_negatives": n_known[1],
                    "n_guilty": int(folds["is_positive"].sum()),
                    "n_months": n_months,
                    "step_months": step,
                    "choice": " ".join(map(str, counts)) or "all",
                    "average_precision": measured["score"]["average_precision"].value,
                    "auroc": measured["score"]["auroc"].value,
                    "amount": measured["amount"]["average_precision"].value,
                    "cpu_seconds": round(seconds, 1),
                }


def _guilty(truth: Truth, entity: ScoredEntity, subjects: set[str]) -> pd.Series:
    """Month in which each guilty subject of the city began."""
    table, column = (truth.providers, "provider_id") if entity == "provider" else (truth.patients, "person_id")
    begun = table.groupby(column)["first_month"].min()
    return begun[begun.index.isin(subjects)]


def _decisions(guilty: pd.Series, subjects: pd.Index, entity: ScoredEntity, share: float, seed: int) -> pd.DataFrame:
    """Decide on a share of the guilty and as many innocents, 40 to 200 days after conduct began."""
    rng = np.random.default_rng([seed, round(share * 100)])
    found = guilty[rng.random(len(guilty)) < share]
    innocent = rng.choice(np.array(sorted(set(subjects) - set(guilty.index))), len(found), replace=False)
    begun = pd.concat([found, pd.Series(rng.permutation(found.to_numpy()), index=innocent)])
    first = pd.to_datetime(begun.to_numpy() + "-01")
    decided = first + pd.to_timedelta(rng.integers(40, 200, len(begun)), unit="D")
    return pd.DataFrame(
        {
            "label_id": [f"L{place:06d}" for place in range(len(begun))],
            "subject_type": entity,
            "subject_id": begun.index,
            "decision": np.where(begun.index.isin(found.index), "confirmed_fraud", "unfounded"),
            "decided_date": decided,
            "known_date": decided + pd.to_timedelta(rng.integers(2, 25, len(begun)), unit="D"),
            "period_start_date": first,
            "period_end_date": decided - pd.Timedelta(days=10),
            **dict.fromkeys(
                [
                    "confirmed_amount",
                    "finding_id",
                    "selection_reason",
                    "selection_probability",
                    "supersedes_label_id",
                ]
            ),
        }
    )


def _known(data: Dataset, months: tuple[str, ...], decisions: pd.DataFrame) -> Known:
    """Return what the decisions said of the months at the training, as `build_dataset` joins them."""
    rows, parts = data.profiles.index, []
    for month in months:
        conduct = window_days(month, _WINDOW) if len(months) > 1 else None
        of_month = rows[rows.get_level_values(MONTH) == month]
        labels = settle_labels(decisions, data.entity, _AS_OF, conduct=conduct)
        parts.append(labels.reindex(of_month.get_level_values(SUBJECT)).set_axis(of_month))
    labels = pd.concat(parts).sort_index().astype({"is_positive": "boolean"})
    return Known(labels["is_positive"], labels["known_date"], _AS_OF, data.label_delay_months)


def _parse(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m experiments.studies.stacked_months", description=__doc__)
    parser.add_argument("out", type=Path, help="folder to write into")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--persons", type=int, default=20_000)
    parser.add_argument("--providers", type=int, default=300)
    parser.add_argument("--shares", type=float, nargs="+", default=[0.3, 0.6, 1.0], help="of the guilty decided on")
    parser.add_argument("--column-counts", type=int, nargs="+", default=[], help="choose columns too, among these")
    parser.add_argument("--entities", nargs="+", choices=get_args(ScoredEntity), default=get_args(ScoredEntity))
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main(sys.argv[1:])
