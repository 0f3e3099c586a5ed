"""Check of the model registry, as `fraud.registry` looks at itself."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from fraud.doctor.remark import note, ok, wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from fraud.doctor.remark import Patient, Remark
    from fraud.workspace import Workspace


def check_models(patient: Patient) -> Iterator[Remark]:
    """Say what is wrong with registered models; MLflow is loaded only where there are some."""
    workspace = patient.workspace
    if not workspace.tracking_database.exists() and not workspace.artifacts.exists():
        yield ok("no models yet")
        return
    check = _check_registry()
    if check is None:
        yield note("not checked")
        return
    faults = check(workspace)
    for fault in faults:
        what, _, hint = fault.partition(". Hint: ")
        yield wrong(what, hint or "restore mlflow.db and mlartifacts from one backup")
    if not faults:
        yield ok("every model that is in use is there and is what was registered")


def _check_registry() -> Callable[[Workspace], Sequence[str]] | None:
    found: Callable[[Workspace], Sequence[str]] | None
    found = getattr(importlib.import_module("fraud.registry"), "check_registry", None)
    return found
