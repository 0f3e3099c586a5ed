"""Making MLflow's database takes seconds: made once, copied for each test."""

import shutil

import pytest

from fraud.registry._client import connected
from fraud.registry.runs import log_run
from fraud.registry.versions import promote
from fraud.workspace import Workspace
from tests.registry.training import record


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("template"))
    with connected(workspace) as client:
        client.search_experiments()
    return workspace.tracking_database


@pytest.fixture
def workspace(template, tmp_path):
    shutil.copy(template, tmp_path / "mlflow.db")
    return Workspace(tmp_path)


@pytest.fixture(scope="session")
def trained(template, tmp_path_factory):
    """Three versions, of which the first and then the second were promoted; only to be copied."""
    root = tmp_path_factory.mktemp("trained")
    shutil.copy(template, root / "mlflow.db")
    workspace = Workspace(root)
    for seed in (1, 2, 3):
        log_run(workspace, record(seed)[1])
    promote(workspace, "provider", 1, reason="first")
    promote(workspace, "provider", 2, reason="better")
    return root


@pytest.fixture
def own(trained, tmp_path):
    """A copy of that workspace, to be harmed."""
    return Workspace(shutil.copytree(trained, tmp_path / "own"))
