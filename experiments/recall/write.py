"""Write the recall page and its numbers into a folder, whole or not at all, and note them in MLflow."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from experiments.recall.page import render_page
from features.errors import InputError
from fraud.registry.runs import log_evaluation
from fraud.runs.publish import replaced

if TYPE_CHECKING:
    from pathlib import Path

    from experiments.recall.recall import Recall
    from fraud.workspace import Workspace

JSON_FILE, PAGE_FILE = "detection.json", "detection.html"
# Characters that MLflow takes in the name of a metric.
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]")


def check_target(folder: Path) -> None:
    """Refuse an output folder that holds something else than a former evaluation."""
    standing = next(path for path in folder.absolute().parents if path.exists() or path.is_symlink())
    if not standing.is_dir():
        got = f"{standing} is no folder"
        raise InputError.of("output folder", f"{str(folder)!r}", got, "name a folder in a folder with --out")
    is_plain = folder.is_dir() and not folder.is_symlink()
    if not (folder.exists() or folder.is_symlink()):
        return
    if not is_plain or (any(folder.iterdir()) and not (folder / JSON_FILE).is_file()):
        raise InputError.of(
            "output folder", f"{str(folder)!r}", "holds something that is no evaluation", "name a new folder with --out"
        )


def write_recall(workspace: Workspace, recall: Recall, folder: Path, *, lang: str = "en") -> None:
    """Write page and numbers, and log an MLflow run with both; the caller holds the workspace.

    Raises
    ------
    InputError
        The folder holds something else.
    """
    check_target(folder)
    workspace.record("evaluate", month=recall.month, out=str(folder))
    with replaced(folder) as fresh:
        (fresh / JSON_FILE).write_text(recall.as_json(), encoding="utf-8")
        (fresh / PAGE_FILE).write_text(render_page(recall, lang=lang), encoding="utf-8")
    log_evaluation(
        workspace,
        name=f"{recall.month} detection",
        parameters=_parameters(recall),
        metrics=recall_metrics(recall),
        files=(folder / JSON_FILE, folder / PAGE_FILE),
    )


def recall_metrics(recall: Recall) -> dict[str, float]:
    """Return numbers by name: whole lists, schemes by size, twins, rings; what is unknown is left out."""
    record = recall.record()
    named: dict[str, Any] = {}
    for row in record["lists"]:
        for name in ("recall", "precision", "found_amount_share"):
            named[f"{row['entity']}.{name}"] = row[name]
    for row in record["places"]:
        for name in ("precision", "recall", "schemes_share", "found_amount_share"):
            named[f"{row['entity']}.{row['order']}.{row['first']}.{name}"] = row[name]
    for row in record["schemes"]:
        for name in ("recall", "recall_of_possible", "found_amount_share"):
            named[f"{row['entity']}.{row['scheme_code']}.{row['size']}.{name}"] = row[name]
    for row in record["twins"]:
        named[f"twins.{row['twin_of']}.{row['subject_type']}.false_alarm_rate"] = row["false_alarm_rate"]
    for name in ("ring_precision", "ring_recall", "ring_f1"):
        named[f"rings.{name}"] = record["ring_summary"][name]
    return {_NOT_IN_NAMES.sub("_", name): float(value) for name, value in named.items() if value is not None}


def _parameters(recall: Recall) -> dict[str, str]:
    record = recall.record()
    city = {
        f"city.{name}": value if isinstance(value, str) else json.dumps(value) for name, value in record["city"].items()
    }
    return {
        "month": recall.month,
        "budget_providers_share": str(recall.budget.share),
        "budget_patient_cases": str(recall.budget.n_cases),
        "model": recall.alias,
        **city,
    }
