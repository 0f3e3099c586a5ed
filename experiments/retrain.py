"""Train a challenger, set it against the champion, promote it or refuse it, with the reasons on record."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.config import TrainConfig, load_config
from experiments.dataset import Dataset, build_dataset
from experiments.known_then import SUBJECT
from experiments.metrics import Interval, measure_rankings
from experiments.splits import out_of_fold
from experiments.train import BASELINES, TrainReport, train_on
from fraud.models.trained import TrainedModel
from fraud.registry.versions import CHAMPION, load_model, promote, tag_version

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.vocabulary.entities import ScoredEntity
    from fraud.registry.records import LoadedModel
    from fraud.settings import Settings
    from fraud.workspace import Workspace

# The metric that decides; the others are reported. Average precision looks at the whole list, so it is the
# steadiest of them: at small budgets the interval of precision is wider than any margin.
DECIDING = "average_precision"
# A probability that is off by more than this on average is not one.
MAX_CALIBRATION_ERROR = 0.1
_MODES = ("none", "positive_unlabelled", "labelled")


@dataclass(frozen=True)
class Decision:
    """Whether the challenger became champion, and why.

    Parameters
    ----------
    promoted : bool
        It did.
    reasons : tuple of str
        In words, the decisive first.
    basis : str
        On what the two were compared: `no champion`, `labels new to the champion`, `recipes in equal folds`, or
        `not compared`.
    gains : mapping
        Opponent to metric to the paired gain of the challenger, with its interval.
    """

    promoted: bool
    reasons: tuple[str, ...]
    basis: str
    gains: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)


@dataclass(frozen=True)
class RetrainReport:
    """A training and what was decided about it."""

    training: TrainReport
    decision: Decision


def retrain(
    workspace: Workspace, entity: ScoredEntity, as_of: date, settings: Settings, config: TrainConfig | None = None
) -> RetrainReport:
    """Train a challenger and promote it if it is no worse than the champion and better than naive rankings.

    The caller holds the workspace as its writer. The decision is written onto the version and into the audit
    log. Parameters and errors as in `experiments.train.train`; a champion that looks back over another window is
    refused with an InputError before anything is trained.
    """
    chosen = config or load_config(entity)
    _champion(workspace, entity, chosen.window_months or settings.scoring.window_months)
    data = build_dataset(workspace, entity, as_of, settings, chosen)
    return retrain_on(workspace, data, settings, chosen)


def retrain_on(workspace: Workspace, data: Dataset, settings: Settings, config: TrainConfig) -> RetrainReport:
    """Retrain on a dataset in hand; see `retrain`."""
    champion = _champion(workspace, data.entity, data.window_months)
    training = train_on(workspace, data, settings, config)
    if training.version is None:
        workspace.record("model not trained", entity=data.entity, reason=training.message)
        return RetrainReport(training, Decision(promoted=False, reasons=(training.message,), basis="not compared"))
    budget = config.review_budget or settings.scoring.review_budget
    decision = decide(data, training, champion, budget, config)
    facts = {
        "decision": "promoted" if decision.promoted else "refused",
        "decision_basis": decision.basis,
        "decision_reasons": " | ".join(decision.reasons),
        "decision_gains": json.dumps({who: {k: str(v) for k, v in g.items()} for who, g in decision.gains.items()}),
    }
    workspace.record("challenger decided", entity=data.entity, version=training.version, **facts)
    tag_version(workspace, data.entity, training.version, facts)
    if decision.promoted:
        promote(workspace, data.entity, training.version, reason=decision.reasons[0])
    return RetrainReport(training, decision)


def _champion(workspace: Workspace, entity: ScoredEntity, window_months: int) -> LoadedModel | None:
    """Load the champion that the challenger will be compared with."""
    champion = load_model(workspace, entity, CHAMPION)
    if champion is not None:
        hint = (
            "champion and challenger are compared on the same profiles; retrain with --window-months "
            f"{champion.window_months}, or train with `fraud train` and make that version champion with `fraud promote`"
        )
        champion.check_window(window_months, "this retraining", hint)
    return champion


def decide(
    data: Dataset, training: TrainReport, champion: LoadedModel | None, budget: float, config: TrainConfig
) -> Decision:
    """Compare the challenger's out-of-fold scores with the naive rankings and with the champion.

    The champion is judged on subjects whose labels became known after its own training, where there are enough;
    else its recipe (features, trees) is trained again in the same folds, because its scores of subjects that it
    was trained on would flatter it.
    """
    frame = training.folds
    drawing: dict[str, Any] = {"budget": budget, "n_draws": config.n_draws, "seed": config.seed}
    measured = measure_rankings(frame, ("model", *BASELINES), **drawing)
    gains = {name: measured.gains("model", name) for name in BASELINES}
    margin = config.margin
    naive = f"over amount alone in {DECIDING.replace('_', ' ')}: {gains['amount'][DECIDING]}"
    doubts = [
        f"gain over {name} alone in {DECIDING.replace('_', ' ')}: {gains[name][DECIDING]}, below -{margin}"
        for name in BASELINES
        if gains[name][DECIDING].value < -margin
    ]
    error = training.calibration.get("calibration_error", 0.0)
    if error > MAX_CALIBRATION_ERROR:
        doubts.append(f"calibration error {error:.3f} is above {MAX_CALIBRATION_ERROR}")
    if champion is None:
        if doubts:
            return Decision(promoted=False, reasons=tuple(doubts), basis="no champion", gains=gains)
        return Decision(promoted=True, reasons=(f"first champion; gain {naive}",), basis="no champion", gains=gains)
    if _MODES.index(training.mode) < _MODES.index(champion.card["mode"]):
        doubts.append(f"labels allow {training.mode} only, the champion is {champion.card['mode']}")
    basis, opposed = _oppose(data, training, champion, config)
    gains["champion"] = measure_rankings(opposed, ("model", "champion"), **drawing).gains("model", "champion")
    gain = gains["champion"][DECIDING]
    compared = f"gain over champion {champion.version} in {DECIDING.replace('_', ' ')}: {gain}"
    if not gain.low > -margin:
        doubts.insert(0, f"{compared}; its lower bound is not above -{margin}")
    if doubts:
        return Decision(promoted=False, reasons=tuple(doubts), basis=basis, gains=gains)
    return Decision(promoted=True, reasons=(compared, f"gain {naive}"), basis=basis, gains=gains)


def _oppose(
    data: Dataset, training: TrainReport, champion: LoadedModel, config: TrainConfig
) -> tuple[str, pd.DataFrame]:
    """Score the rows that the challenger was judged on by the champion, or by its recipe in the same folds."""
    frame, model = training.folds, TrainedModel.from_loaded(champion)
    has_all = set(model.features) <= set(data.profiles.columns)
    is_fresh = _is_fresh(data, date.fromisoformat(champion.card["as_of"]), frame.index)
    fresh = frame[is_fresh]
    n_fresh = fresh.groupby("is_positive").apply(lambda rows: rows.index.unique(SUBJECT).size)
    enough = all(n_fresh.get(kind, 0) >= config.min_fresh_labels for kind in (True, False))
    if has_all and enough:
        scores = model.scores(data.profiles.loc[fresh.index].astype("float64"))
        return "labels new to the champion", fresh.assign(champion=scores)
    recipe = TrainConfig.model_validate(champion.card["config"]).recipe(model.mode, seed=config.seed)
    # Chosen among what it chose from: its own choice has seen the rows that are judged here.
    candidates = champion.card.get("candidates", champion.card["features"])
    scored = out_of_fold(
        data.profiles[[name for name in candidates if name in data.profiles.columns]].astype("float64"),
        data.is_positive,
        data.group_of,
        recipe,
        [data.known.taught_for(model.mode, cut) for cut in training.cuts],
        n_folds=config.n_folds,
        seed=config.seed,
    )
    return "recipes in equal folds", frame.assign(champion=scored["score"].reindex(frame.index))


def _is_fresh(data: Dataset, learned: date, rows: pd.Index) -> pd.Series:
    """Say of rows whether no decision on their subject, for any month, was known when the champion learned."""
    known_date = pd.to_datetime(data.labels["known_date"])
    first = known_date.groupby(level=SUBJECT).transform("min")
    return (known_date.notna() & (first > pd.Timestamp(learned))).reindex(rows)
