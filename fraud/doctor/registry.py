"""Check of the model registry, as `fraud.registry` looks at itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fraud.doctor.remark import ok, wrong
from fraud.registry.check import check_registry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.doctor.remark import Patient, Remark


def check_models(patient: Patient) -> Iterator[Remark]:
    """Say what is wrong with registered models; MLflow is loaded only where there are some."""
    workspace = patient.workspace
    if not workspace.tracking_database.exists() and not workspace.artifacts.exists():
        yield ok("no models yet")
        return
    faults = check_registry(workspace)
    for fault in faults:
        what, _, hint = fault.partition(". Hint: ")
        yield wrong(what, hint or "restore mlflow.db and mlartifacts from one backup")
    if not faults:
        yield ok("every model that is in use is there and is what was registered")
