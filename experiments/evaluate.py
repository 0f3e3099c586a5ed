"""How good a scored month was, against the labels known or against the truth of an invented source."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from experiments.metrics import Interval, budget_size, measure_rankings, top_k
from features.errors import InputError
from fraud.labels import labels_as_of
from fraud.models.trained import AMOUNT, apply_model
from fraud.outputs import read_output
from fraud.tracking import load_model

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date
    from pathlib import Path

    from features.claims import ClaimsStore
    from fraud.labels import Entity
    from fraud.workspace import Workspace

KEYS = {"provider": "provider_id", "patient": "person_id"}
_TRUTH = {"provider": "truth_providers", "patient": "truth_patients"}


@dataclass(frozen=True)
class Evaluation:
    """How the rankings of a scored month did.

    Parameters
    ----------
    entity, month, against : str
        Whose ranking of when, against `labels known` or `truth`.
    n_subjects, n_positives, n_budget : int
        Subjects compared, positives among them, and how many the budget reviews.
    metrics : mapping
        Ranking to metric to interval.
    schemes : DataFrame
        With a truth, one row per scheme: `n_guilty`, `n_possible` (the most that the budget allows), `n_found` inside
        the budget by risk score, `recall`, and the best and median rank of the guilty.
    notes : tuple of str
        What a reader must know to believe the numbers.
    """

    entity: str
    month: str
    against: str
    n_subjects: int
    n_positives: int
    n_budget: int
    metrics: Mapping[str, Mapping[str, Interval]]
    schemes: pd.DataFrame = field(default_factory=pd.DataFrame)
    notes: tuple[str, ...] = ()


def evaluate_month(
    workspace: Workspace,
    month: str,
    *,
    entity: Entity,
    budget: float,
    as_of: date | None = None,
    store: ClaimsStore | None = None,
    truth: Path | None = None,
    alias: str = "champion",
    n_draws: int = 500,
    seed: int = 7,
) -> Evaluation:
    """Measure the rankings of a scored month at the review budget.

    Parameters
    ----------
    workspace : Workspace
        Holds the scored month.
    month : str
        YYYY-MM.
    entity : str
        `provider` or `patient`.
    budget : float
        Share of subjects that are reviewed, 0..1.
    as_of : date, optional
        Labels known later are not used; needed without a truth.
    store : ClaimsStore, optional
        Holds the labels; needed without a truth.
    truth : Path, optional
        Folder with the truth of an invented source; everyone it does not name is innocent.
    alias : str
        Model measured as `model`: champion, challenger or a version.
    n_draws, seed : int
        Of the bootstrap.

    Raises
    ------
    InputError
        The month is not scored, no truth lies there, or no subject of the month has a label or is guilty.
    """
    rankings = read_rankings(workspace, month, entity, alias)
    notes: list[str] = []
    guilty = pd.DataFrame()
    if truth is not None:
        guilty = _read_truth(truth, entity, month)
        rankings["is_positive"] = rankings.index.isin(guilty[KEYS[entity]])
        against = "truth"
    elif store is not None and as_of is not None:
        labels = labels_as_of(store, entity, as_of)
        known = labels["is_positive"].dropna().astype(bool)
        rankings = rankings.loc[rankings.index.isin(known.index)].copy()
        rankings["is_positive"] = known.reindex(rankings.index).astype(bool)
        against = "labels known"
        notes.append("reviewed subjects only: they were mostly chosen for their rank, which flatters every ranking")
        notes += _seen_in_training(workspace, entity, alias, labels.loc[rankings.index])
    else:
        raise ValueError("either truth, or store and as_of, must be given")
    n_positives = int(rankings["is_positive"].sum())
    if n_positives == 0:
        hint = "give --truth, or bring labels in with `fraud feedback import`"
        raise InputError.of("evaluation", f"of {month}", f"no positive {entity} among {len(rankings)} known", hint)
    names = [name for name in rankings.columns if name != "is_positive"]
    metrics = measure_rankings(rankings.assign(fold=0), names, budget=budget, n_draws=n_draws, seed=seed).intervals()
    n_budget = budget_size(len(rankings), budget)
    schemes = _by_scheme(rankings, guilty, entity, n_budget) if truth is not None else pd.DataFrame()
    return Evaluation(
        entity, month, against, len(rankings), n_positives, n_budget, metrics, schemes=schemes, notes=tuple(notes)
    )


def read_rankings(workspace: Workspace, month: str, entity: Entity, alias: str) -> pd.DataFrame:
    """Read a scored month's rankings, one row per subject: risk, anomaly, excess, amount, and the model's if any."""
    folder = workspace.run(month)
    key = KEYS[entity]
    scores = read_output(folder, f"{entity}_scores").set_index(key).sort_index()
    profiles = read_output(folder, f"{entity}_profiles").set_index(key).reindex(scores.index)
    columns = {
        "risk": scores["risk_score"],
        "anomaly": scores["anomaly_score"],
        "excess": scores["excess_amount"],
        "amount": profiles[AMOUNT],
    }
    loaded = load_model(workspace, entity, alias)
    if loaded is not None:
        columns["model"] = apply_model(loaded, profiles[[*loaded.card["features"]]])[0].scores
    lowest = {name: column.astype("float64") for name, column in columns.items()}
    # What is unknown cannot be ranked, so it comes last.
    return pd.DataFrame({name: column.fillna(column.min()) for name, column in lowest.items()}).fillna(0.0)


def _seen_in_training(workspace: Workspace, entity: Entity, alias: str, labels: pd.DataFrame) -> list[str]:
    loaded = load_model(workspace, entity, alias)
    if loaded is None:
        return []
    n_seen = int((pd.to_datetime(labels["known_date"]) <= pd.Timestamp(loaded.card["as_of"])).sum())
    return [f"{n_seen} of these labels trained the model, so its numbers are too good"] if n_seen else []


def _read_truth(folder: Path, entity: Entity, month: str) -> pd.DataFrame:
    name = _TRUTH[entity]
    for path, read in ((folder / f"{name}.parquet", pd.read_parquet), (folder / f"{name}.csv", pd.read_csv)):
        if path.is_file():
            table = read(path, dtype=str) if path.suffix == ".csv" else read(path)
            started = table["first_month"].astype(str) <= month
            return table[started].astype({KEYS[entity]: str})
    raise InputError.of(
        "--truth", f"at {folder}", f"no {name}.parquet or .csv", "give the folder that `fraud synth` made"
    )


def _by_scheme(rankings: pd.DataFrame, guilty: pd.DataFrame, entity: Entity, n_budget: int) -> pd.DataFrame:
    scores = rankings["risk"].to_numpy(dtype=float)
    found = set(rankings.index[top_k(scores, n_budget)])
    ranks = pd.Series(range(1, len(rankings) + 1), index=rankings.index[top_k(scores, len(rankings))])
    known = guilty[guilty[KEYS[entity]].isin(rankings.index)]
    rows = []
    for scheme, members in known.groupby("scheme_code", sort=True)[KEYS[entity]]:
        names = sorted(set(members))
        n_found = len(found.intersection(names))
        own = ranks.loc[names]
        rows.append(
            {
                "scheme_code": scheme,
                "n_guilty": len(names),
                "n_possible": min(len(names), n_budget),
                "n_found": n_found,
                "recall": n_found / len(names),
                "best_rank": int(own.min()),
                "median_rank": float(own.median()),
            }
        )
    return pd.DataFrame(rows)
