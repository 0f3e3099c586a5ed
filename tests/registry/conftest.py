"""Making MLflow's database takes seconds: made once, copied for each test."""

import shutil

import pytest

from fraud.registry._client import connected
from fraud.workspace import Workspace


@pytest.fixture(scope="session")
def template(tmp_path_factory):
    workspace = Workspace(tmp_path_factory.mktemp("template"))
    with connected(workspace) as mlflow:
        mlflow.MlflowClient().search_experiments()
    return workspace.tracking_database


@pytest.fixture
def workspace(template, tmp_path):
    shutil.copy(template, tmp_path / "mlflow.db")
    return Workspace(tmp_path)
