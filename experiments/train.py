"""One tracked training: cross-validated beside the naive rankings, registered as challenger."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from experiments.config import TrainConfig, load_config
from experiments.dataset import Dataset, build_dataset, features_digest
from experiments.known_then import MONTH, SUBJECT, Cut, count_subjects
from experiments.metrics import Interval, brier, calibration_error, measure_rankings
from experiments.splits import out_of_fold
from features.errors import ToolkitError
from fraud.models.expectation import excess_amount
from fraud.models.explain import by_family, summary_picture
from fraud.models.mode import Mode, decide_mode, explain_mode
from fraud.models.trained import AMOUNT
from fraud.registry.records import RunRecord, keyed_ids
from fraud.registry.runs import log_run

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from features.vocabulary.entities import ScoredEntity
    from fraud.models import Scored
    from fraud.models.recipe import Recipe
    from fraud.models.trained import TrainedModel
    from fraud.settings import Settings
    from fraud.workspace import Workspace

# The naive rankings that a model must beat, beside which it is always reported.
BASELINES = ("amount", "excess")


@dataclass(frozen=True)
class TrainReport:
    """How a training went.

    Parameters
    ----------
    entity, mode : str
        What was trained, and what the labels allowed.
    months : tuple of str
        Months observed, ascending.
    as_of : date
        Labels known later were not used.
    n_subjects, n_positives, n_negatives : int
        Subjects with a profile in any month; of them confirmed, and cleared and never confirmed.
    message : str
        What the label counts allow, in a line.
    version : int or None
        Version registered as challenger; None in mode none.
    metrics : mapping
        Ranking (`model`, `amount`, `excess`) to metric to interval.
    calibration : mapping
        `brier` and `calibration_error`, when labelled.
    grouped_by : str
        What joined the groups that are never split.
    n_columns : int
        Columns that the model looks at.
    cuts : tuple of Cut
        The months judged, and what taught then.
    folds : DataFrame
        One row per subject and month that metrics were computed on: `is_positive`, `fold`, `month`, `model`,
        `amount`, `excess`.
    """

    entity: str
    months: tuple[str, ...]
    mode: Mode
    as_of: date
    n_subjects: int
    n_positives: int
    n_negatives: int
    message: str
    version: int | None = None
    metrics: Mapping[str, Mapping[str, Interval]] = field(default_factory=dict)
    calibration: Mapping[str, float] = field(default_factory=dict)
    grouped_by: str = ""
    n_columns: int = 0
    cuts: tuple[Cut, ...] = ()
    folds: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def month(self) -> str:
        """The last month observed."""
        return self.months[-1]

    @property
    def is_forward(self) -> bool:
        """Whether the months judged are later than what taught."""
        return bool(self.cuts) and all(cut.is_forward for cut in self.cuts)


def train(
    workspace: Workspace, entity: ScoredEntity, as_of: date, settings: Settings, config: TrainConfig | None = None
) -> TrainReport:
    """Train on months that had ended by `as_of`, with the labels known by then.

    The caller holds the workspace as its writer.

    Parameters
    ----------
    workspace : Workspace
        Holds store and registry.
    entity : str
        `provider` or `patient`.
    as_of : date
        What is known later does not exist yet.
    settings : Settings
        Window, budget, label counts.
    config : TrainConfig, optional
        Settings of the training; default: those shipped for the entity.

    Raises
    ------
    InputError
        No store, or no month that had ended by then.
    """
    chosen = config or load_config(entity)
    data = build_dataset(workspace, entity, as_of, settings, chosen)
    return train_on(workspace, data, settings, chosen)


def train_on(workspace: Workspace, data: Dataset, settings: Settings, config: TrainConfig) -> TrainReport:
    """Train on a dataset in hand; see `train`."""
    n_positives, n_negatives = count_subjects(data.is_positive)
    mode = decide_mode(n_positives, n_negatives, settings.models)
    report = TrainReport(
        entity=data.entity,
        months=data.months,
        mode=mode,
        as_of=data.as_of,
        n_subjects=data.profiles.index.unique(SUBJECT).size,
        n_positives=n_positives,
        n_negatives=n_negatives,
        message=explain_mode(n_positives, n_negatives, settings.models),
    )
    if mode == "none":
        return report
    if AMOUNT not in data.profiles.columns:
        raise ToolkitError(
            f"profiles lack '{AMOUNT}', beside which a model is judged. Hint: build profiles that have it"
        )
    budget = config.review_budget or settings.scoring.review_budget
    values = data.without(config.leave_out)
    recipe, cuts = config.recipe(mode), cuts_of(data, mode, settings)
    folds = cross_validate(data, values, recipe, cuts, config)
    metrics = measure_rankings(
        folds, ("model", *BASELINES), budget=budget, n_draws=config.n_draws, seed=config.seed
    ).intervals()
    calibration = measure_calibration(folds) if mode == "labelled" else {}
    teaching = data.known.teaching(mode)
    model = recipe.fit(values.loc[teaching.index], teaching, data.group_of[teaching.index])
    report = replace(
        report,
        metrics=metrics,
        calibration=calibration,
        grouped_by=data.groups.joined_by,
        n_columns=model.booster.num_feature(),
        cuts=cuts,
        folds=folds,
    )
    # What is shown of the model is the last month, as it will score the next.
    last = values.xs(data.month, level=MONTH)
    scored = model.score(last)
    record = RunRecord(
        entity=data.entity,
        booster=model.booster,
        card=model_card(data, model, config, report),
        parameters={**config.model_dump(), "mode": mode, "month": data.month, "as_of": data.as_of, "budget": budget},
        metrics={**_flat(metrics), **calibration},
        fingerprint=_fingerprint(data, report),
        tables={"contributions": _contributions(workspace, data, scored)},
        pictures={"summary": summary_picture(scored, last, aggregate=data.entity == "patient")},
    )
    return replace(report, version=log_run(workspace, record))


def cuts_of(data: Dataset, mode: Mode, settings: Settings) -> tuple[Cut, ...]:
    """Return the months to judge: those before which labels known would have made a model of this mode."""
    return data.known.cuts(mode, lambda taught: decide_mode(*count_subjects(taught), settings.models) == mode)


def cross_validate(
    data: Dataset, values: pd.DataFrame, recipe: Recipe, cuts: Sequence[Cut], config: TrainConfig
) -> pd.DataFrame:
    """Score rows out of fold, beside what was paid and what exceeds expectation.

    One row per row judged: `is_positive`, `fold`, `month`, `model`, `probability`, `amount`, `excess`.
    """
    scored = out_of_fold(
        values, data.is_positive, data.group_of, recipe, cuts, n_folds=config.n_folds, seed=config.seed
    )
    amounts = data.profiles[AMOUNT].fillna(0.0)
    excess = pd.concat([_excess(data, cut.month, config.seed) for cut in cuts])
    return scored.rename(columns={"score": "model"}).assign(
        amount=amounts.reindex(scored.index), excess=excess.reindex(scored.index).fillna(0.0)
    )


def _excess(data: Dataset, month: str, seed: int) -> pd.Series:
    """Excess amounts of one month among its own, as a scored month has them."""
    values, attributes = (frame.xs(month, level=MONTH) for frame in (data.profiles, data.attributes))
    found = excess_amount(
        values, attributes, context=data.context, groups=data.groups.of[values.index], seed=seed, explained=False
    )
    return pd.concat({month: found.scores}, names=[MONTH]).swaplevel()


def measure_calibration(folds: pd.DataFrame) -> dict[str, float]:
    """Brier score and expected calibration error of the out-of-fold probabilities."""
    outcome = folds["is_positive"].to_numpy(dtype=float)
    probability = folds["probability"].to_numpy(dtype=float)
    return {"brier": brier(outcome, probability), "calibration_error": calibration_error(outcome, probability)}


def model_card(data: Dataset, model: TrainedModel, config: TrainConfig, report: TrainReport) -> dict[str, Any]:
    """Everything about a model but its trees, as JSON values."""
    return {
        **model.parts(),
        "entity": data.entity,
        "month": data.month,
        "months": list(data.months),
        "window_months": data.window_months,
        "label_delay_months": data.label_delay_months,
        "as_of": data.as_of.isoformat(),
        "judged_months": [cut.month for cut in report.cuts],
        "is_forward": report.is_forward,
        "grouped_by": report.grouped_by,
        "n_groups": int(data.groups.of.nunique()),
        "features": model.features,
        "candidates": [name for name in data.profiles.columns if name not in config.leave_out],
        "features_digest": features_digest(model.features),
        "config": config.model_dump(mode="json"),
        "n_subjects": report.n_subjects,
        "n_positives": report.n_positives,
        "n_negatives": report.n_negatives,
        "snapshot": data.snapshot,
    }


def _fingerprint(data: Dataset, report: TrainReport) -> dict[str, Any]:
    return {
        "snapshot": data.snapshot,
        "month": data.month,
        "months": " ".join(data.months),
        "judged_months": " ".join(cut.month for cut in report.cuts),
        "is_forward": report.is_forward,
        "grouped_by": report.grouped_by,
        "window_months": data.window_months,
        "n_subjects": report.n_subjects,
        "n_positives": report.n_positives,
        "n_negatives": report.n_negatives,
        "features_digest": features_digest(list(data.profiles.columns)),
    }


def _contributions(workspace: Workspace, data: Dataset, scored: Scored) -> pd.DataFrame:
    """Contributions for the record: providers under keyed ids; of patients the mean size by family only."""
    if data.entity == "provider":
        return scored.contributions.set_axis(keyed_ids(workspace, scored.contributions.index)).sort_index()
    families = by_family(
        scored.contributions, {**dict.fromkeys(scored.contributions.columns, "other"), **data.families}
    )
    return families.abs().mean().rename("mean_contribution").rename_axis("family").to_frame()


def _flat(metrics: Mapping[str, Mapping[str, Interval]]) -> dict[str, float]:
    flat = {}
    for ranking, measured in metrics.items():
        for name, interval in measured.items():
            flat[f"{ranking}.{name}"] = interval.value
            flat[f"{ranking}.{name}_low"] = interval.low
            flat[f"{ranking}.{name}_high"] = interval.high
    return flat
