"""`fraud train` and `fraud retrain`: learn from the labels known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from fraud.cli.chinese import told
from fraud.cli.options import AsJson, AsOf, Entity, EntityOption, WindowMonths
from fraud.cli.session import out, say, session, show_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.config import TrainConfig
    from experiments.metrics import Interval
    from experiments.retrain import Decision
    from experiments.train import TrainReport


ConfigFile = Annotated[Path | None, typer.Option("--config", help="Settings of the training, as TOML.")]


def train(
    context: typer.Context,
    *,
    entity: EntityOption,
    as_of: AsOf,
    config: ConfigFile = None,
    window_months: WindowMonths = None,
    as_json: AsJson = False,
) -> None:
    """Train one tracked model, registered as challenger."""
    from experiments.train import train as run_training

    shared = session(context)
    settings = shared.settings()
    chosen = _config(entity, config, window_months)
    say(f"training the {entity.value} model as of {as_of.date()}")
    with shared.workspace.writer():
        report = run_training(shared.workspace, entity.value, as_of.date(), settings, chosen)
    _show(report, None, as_json)


def retrain(
    context: typer.Context,
    *,
    entity: EntityOption,
    as_of: AsOf,
    config: ConfigFile = None,
    window_months: WindowMonths = None,
    as_json: AsJson = False,
) -> None:
    """Train, compare with the champion, promote or refuse."""
    from experiments.retrain import retrain as run_retraining

    shared = session(context)
    settings = shared.settings()
    chosen = _config(entity, config, window_months)
    say(f"retraining the {entity.value} model as of {as_of.date()}")
    with shared.workspace.writer():
        report = run_retraining(shared.workspace, entity.value, as_of.date(), settings, chosen)
    _show(report.training, report.decision, as_json)


def _config(entity: Entity, file: Path | None, window_months: int | None) -> TrainConfig:
    """Read the training's settings; the window is the command line's, else the file's, else the workspace's."""
    from experiments.config import load_config

    config = load_config(entity.value, file)
    return config if window_months is None else config.model_copy(update={"window_months": window_months})


def metrics_table(metrics: Mapping[str, Mapping[str, Interval]]) -> Table:
    """One row per metric, one column per ranking, each with its 95 % interval."""
    rankings = list(metrics)
    table = Table("metric", *rankings)
    for name in next(iter(metrics.values())):
        table.add_row(told(name.replace("_", " ")), *(str(metrics[ranking][name]) for ranking in rankings))
    return table


def metrics_record(metrics: Mapping[str, Mapping[str, Interval]]) -> dict[str, Any]:
    """Metrics as plain values."""
    return {who: {name: vars(interval) for name, interval in measured.items()} for who, measured in metrics.items()}


def _show(report: TrainReport, decision: Decision | None, as_json: bool) -> None:
    if as_json:
        show_json(_as_record(report, decision))
        return
    console = out()
    months = ", ".join(report.months)
    console.print(f"{report.entity} model on {months}: {report.n_subjects:,} subjects; {report.message}")
    if report.version is None:
        console.print("no model was trained; scoring goes on without one")
        return
    judged = ", ".join(cut.month for cut in report.cuts)
    by = "earlier months and other groups" if report.is_forward else "other groups"
    kept = "owner and ring" if report.grouped_by == "owner and ring" else "owner"
    console.print(f"judged: {judged}, by models of {by}, by {kept}; columns: {report.n_columns}")
    console.print(metrics_table(report.metrics))
    for name, value in report.calibration.items():
        console.print(f"{name.replace('_', ' ')}: {value:.4f}")
    console.print(f"version {report.version} registered as challenger")
    if decision is not None:
        verdict = "promoted to champion" if decision.promoted else "refused; the champion stays"
        console.print(f"{verdict} (compared with: {decision.basis})")
        for reason in decision.reasons:
            console.print(f"  {reason}")


def _as_record(report: TrainReport, decision: Decision | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "entity": report.entity,
        "month": report.month,
        "months": list(report.months),
        "judged_months": [cut.month for cut in report.cuts],
        "is_forward": report.is_forward,
        "grouped_by": report.grouped_by,
        "n_columns": report.n_columns,
        "mode": report.mode,
        "as_of": report.as_of.isoformat(),
        "n_subjects": report.n_subjects,
        "n_positives": report.n_positives,
        "n_negatives": report.n_negatives,
        "message": report.message,
        "version": report.version,
        "metrics": metrics_record(report.metrics),
        "calibration": dict(report.calibration),
    }
    if decision is not None:
        record["decision"] = {
            "promoted": decision.promoted,
            "basis": decision.basis,
            "reasons": list(decision.reasons),
            "gains": metrics_record(decision.gains),
        }
    return record
