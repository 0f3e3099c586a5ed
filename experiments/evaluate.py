"""How good a scored month's rankings were, against the labels known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from experiments.metrics import measure_rankings
from features.errors import InputError
from features.vocabulary.entities import SCORED
from fraud.budget import review_size
from fraud.labels import labels_as_of
from fraud.models.trained import AMOUNT, apply_model
from fraud.registry.versions import CHAMPION, load_model
from fraud.runs.read import ScoredRun
from fraud.scoring.detectors import explained_scores
from fraud.scoring.request import NO_MODEL

if TYPE_CHECKING:
    from collections.abc import Mapping
    from collections.abc import Set as AbstractSet
    from datetime import date

    from experiments.metrics import Interval
    from features.claims import ClaimsStore
    from features.vocabulary.entities import Entity
    from fraud.registry.records import LoadedModel
    from fraud.workspace import Workspace


@dataclass(frozen=True)
class Evaluation:
    """How the rankings of a scored month did against the labels known.

    Parameters
    ----------
    entity, month : str
        Whose ranking of when.
    n_subjects, n_positives, n_budget : int
        Subjects compared, positives among them, and how many the budget reviews.
    metrics : mapping
        Ranking to metric to interval.
    notes : tuple of str
        What a reader must know to believe the numbers.
    """

    entity: str
    month: str
    n_subjects: int
    n_positives: int
    n_budget: int
    metrics: Mapping[str, Mapping[str, Interval]]
    notes: tuple[str, ...] = ()


def evaluate_month(
    workspace: Workspace,
    month: str,
    *,
    entity: Entity,
    budget: float,
    as_of: date,
    store: ClaimsStore,
    alias: str = CHAMPION,
    n_draws: int = 500,
    seed: int = 7,
) -> Evaluation:
    """Measure the rankings of a scored month against the labels known, at the review budget.

    Parameters
    ----------
    workspace : Workspace
        Holds the scored month.
    month : str
        YYYY-MM.
    entity : str
        `provider`, `patient` or `practitioner`.
    budget : float
        Share of subjects that are reviewed, 0..1.
    as_of : date
        Labels known later are not used.
    store : ClaimsStore
        Holds the labels.
    alias : str
        Model measured as `model`: champion, challenger or a version.
    n_draws, seed : int
        Of the bootstrap.

    Raises
    ------
    InputError
        The month is not scored, no subject of the month has a positive label, or the model looks back over another
        window than the month's profiles.
    """
    run = ScoredRun.open(workspace, month)
    model = _load(workspace, run, entity, alias)
    rankings = read_rankings(run, entity, model)
    labels = labels_as_of(store, entity, as_of)
    known = labels["is_positive"].dropna().astype(bool)
    rankings = rankings.loc[rankings.index.isin(known.index)].copy()
    rankings["is_positive"] = known.reindex(rankings.index).astype(bool)
    n_positives = int(rankings["is_positive"].sum())
    if n_positives == 0:
        hint = "give --truth, or bring labels in with `fraud feedback import`"
        raise InputError.of("evaluation", f"of {month}", f"no positive {entity} among {len(rankings)} known", hint)
    notes = [
        "reviewed subjects only: they were mostly chosen for their rank, which flatters every ranking",
        *_seen_in_training(model, labels.loc[rankings.index]),
        *_one_class(rankings["is_positive"]),
    ]
    metrics = _measure(rankings, budget, n_draws, seed)
    n_budget = review_size(len(rankings), budget)
    return Evaluation(entity, month, len(rankings), n_positives, n_budget, metrics, tuple(notes))


def measure_against(
    workspace: Workspace,
    month: str,
    positives: AbstractSet[str],
    *,
    entity: Entity,
    budget: float,
    alias: str = CHAMPION,
    n_draws: int = 500,
    seed: int = 7,
) -> Mapping[str, Mapping[str, Interval]]:
    """Measure the rankings of a scored month when all positives are known and everyone else is innocent.

    Returns
    -------
    mapping
        Ranking to metric to interval.

    Raises
    ------
    InputError
        The month is not scored, or the model looks back over another window than the month's profiles.
    """
    run = ScoredRun.open(workspace, month)
    rankings = read_rankings(run, entity, _load(workspace, run, entity, alias))
    return _measure(rankings.assign(is_positive=rankings.index.isin(list(positives))), budget, n_draws, seed)


def _measure(rankings: pd.DataFrame, budget: float, n_draws: int, seed: int) -> Mapping[str, Mapping[str, Interval]]:
    names = [name for name in rankings.columns if name != "is_positive"]
    return measure_rankings(rankings.assign(fold=0), names, budget=budget, n_draws=n_draws, seed=seed).intervals()


def read_rankings(run: ScoredRun, entity: Entity, model: LoadedModel | None) -> pd.DataFrame:
    """Read a scored month's rankings, one row per subject: risk, anomaly, excess, amount, and the model's if any."""
    scores = run.scores(entity)
    profiles = run.profiles(entity).reindex(scores.index)
    columns = {
        "risk": scores["risk_score"],
        # Of practitioners no excess is known.
        **{
            name: scores[column]
            for name, column in explained_scores().items()
            if name != "model" and scores[column].notna().any()
        },
        "amount": profiles[AMOUNT],
    }
    if model is not None:
        columns["model"] = apply_model(model, profiles[[*model.card["features"]]])[0].scores
    lowest = {name: column.astype("float64") for name, column in columns.items()}
    # What is unknown cannot be ranked, so it comes last.
    return pd.DataFrame({name: column.fillna(column.min()) for name, column in lowest.items()}).fillna(0.0)


def _load(workspace: Workspace, run: ScoredRun, entity: Entity, alias: str) -> LoadedModel | None:
    """Load the model to measure, or refuse one that cannot read the month's profiles."""
    model = load_model(workspace, entity, alias) if entity in SCORED and alias != NO_MODEL else None
    if model is not None:
        hint = f"score the month with --window-months {model.window_months}, or leave the model out with --alias none"
        model.check_window(run.manifest.window_months, f"the profiles of {run.month}", hint)
    return model


def _one_class(is_positive: pd.Series) -> list[str]:
    if not is_positive.all():
        return []
    return ["one class of label: every known subject is confirmed, so no ranking can be better than another"]


def _seen_in_training(model: LoadedModel | None, labels: pd.DataFrame) -> list[str]:
    if model is None:
        return []
    n_seen = int((pd.to_datetime(labels["known_date"]) <= pd.Timestamp(model.card["as_of"])).sum())
    return [f"{n_seen} of these labels trained the model, so its numbers are too good"] if n_seen else []
