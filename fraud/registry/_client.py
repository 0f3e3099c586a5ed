"""The connection to the workspace's MLflow for writing; nobody but the registry imports it."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from features.errors import ToolkitError
from features.outside import first_line
from fraud.registry.database import reading
from fraud.registry.locations import make_relative

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fraud.workspace import Workspace


@contextmanager
def connected(workspace: Workspace) -> Iterator[Any]:
    """Import MLflow quietly and give out its client for the workspace's database, made where there is none.

    Raises
    ------
    ToolkitError
        The database is damaged, or MLflow cannot write to it.
    """
    database = workspace.tracking_database
    with warnings.catch_warnings(), _client(database) as client:
        if not (database.exists() or database.is_symlink()):
            _create(client, workspace)
        # MLflow would make an empty file its own, and mend or upgrade what it cannot read.
        with reading(workspace):
            pass
        make_relative(database)
        yield client(tracking_uri=workspace.tracking_uri, registry_uri=workspace.tracking_uri)


def _import_client() -> Any:
    os.environ["MLFLOW_DISABLE_TELEMETRY"] = "true"
    os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")
    # Deprecations inside MLflow and what it imports are not ours to mend.
    warnings.simplefilter("ignore")
    from mlflow import MlflowClient

    for noisy in ("mlflow", "alembic"):
        logging.getLogger(noisy).setLevel(logging.CRITICAL)
    return MlflowClient


def _create(client: Any, workspace: Workspace) -> None:
    """Make the database elsewhere and move it into place: a killed job leaves a whole one or none."""
    folder = workspace.staging / "registry"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    fresh = folder / workspace.tracking_database.name
    address = f"sqlite:///{fresh.absolute()}"
    client(tracking_uri=address, registry_uri=address).search_experiments()
    make_relative(fresh)
    fresh.rename(workspace.tracking_database)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _client(database: Path) -> Iterator[Any]:
    """Give out the class of MLflow's client; what fails in MLflow or SQLite is said in words."""
    client = _import_client()
    from mlflow.exceptions import MlflowException
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield client
    except (MlflowException, SQLAlchemyError, sqlite3.Error, OSError) as error:
        hint = "see that there is space and that it may be written; where it is damaged, restore it from a backup"
        raise ToolkitError(f"model registry {database}: {first_line(error)}. Hint: {hint}") from error
