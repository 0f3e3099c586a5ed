"""The connection to the workspace's MLflow; nobody but the registry imports it."""

from __future__ import annotations

import logging
import os
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fraud.workspace import Workspace


@contextmanager
def connected(workspace: Workspace) -> Iterator[Any]:
    """Import MLflow quietly, point it at the workspace, and leave no trace of that afterwards."""
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ["MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR"] = "false"
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    workspace.root.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        # Deprecations inside MLflow and what it imports are not ours to mend.
        warnings.simplefilter("ignore")
        import mlflow
        import mlflow.lightgbm

        for noisy in ("mlflow", "alembic"):
            logging.getLogger(noisy).setLevel(logging.ERROR)
        before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
        mlflow.set_tracking_uri(workspace.tracking_uri)
        mlflow.set_registry_uri(workspace.tracking_uri)
        try:
            yield mlflow
        finally:
            mlflow.set_tracking_uri(before[0])
            mlflow.set_registry_uri(before[1])
