"""A workspace may be moved and copied: nothing in MLflow's database names a place; what did is brought up to date."""

import shutil
import warnings

import pytest

from features.errors import ToolkitError
from fraud.registry._client import connected
from fraud.registry.artifacts import MODEL_FILE
from fraud.registry.check import check_registry, pin_versions
from fraud.registry.runs import log_evaluation, log_run
from fraud.registry.versions import load_model, promote, rollback, version_tags
from fraud.workspace import Workspace
from tests.registry.training import record

NAME = "fraud-provider"
CARD = '{"as_of": "2026-04-01", "mode": "labelled", "month": "2026-03", "window_months": 6}'


def tree(workspace):
    return {path: path.read_bytes() for path in workspace.root.rglob("*") if path.is_file()}


def names_no_place(workspace, *places):
    content = workspace.tracking_database.read_bytes()
    return not [place for place in (*map(str, places), str(workspace.root), "file:") if place.encode() in content]


@pytest.fixture(scope="module")
def older(template, tmp_path_factory):
    """A workspace as releases before this one left it: MLflow wrote the model, locations are absolute, no digests."""
    workspace = Workspace(tmp_path_factory.mktemp("older"))
    shutil.copy(template, workspace.tracking_database)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow.lightgbm

        before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
        mlflow.set_tracking_uri(workspace.tracking_uri)
        mlflow.set_registry_uri(workspace.tracking_uri)
        mlflow.create_experiment(NAME, artifact_location=(workspace.artifacts / NAME).as_uri())
        mlflow.set_experiment(NAME)
        client = mlflow.MlflowClient()
        client.create_registered_model(NAME)
        for seed in (1, 2):
            given = record(seed)[1]
            with mlflow.start_run() as run:
                mlflow.log_text(
                    '{"as_of": "2026-04-01", "mode": "labelled", "month": "2026-03", "window_months": 6}', "card.json"
                )
                logged = mlflow.lightgbm.log_model(given.booster, name="model", pip_requirements=["lightgbm"])
            client.create_model_version(NAME, logged.model_uri, run_id=run.info.run_id)
        client.set_registered_model_alias(NAME, "champion", "1")
        client.set_registered_model_tag(NAME, "champion_history", "[2, 1]")
        mlflow.set_tracking_uri(before[0])
        mlflow.set_registry_uri(before[1])
    return workspace.root


def test_moved_and_copied(own, tmp_path):
    assert names_no_place(own)
    digest = load_model(own, "provider").digest
    moved = Workspace(own.root.rename(tmp_path / "moved to 市 [1]"))
    assert load_model(moved, "provider").digest == digest
    copy = Workspace(shutil.copytree(moved.root, tmp_path / "copy"))
    before = tree(moved)
    assert log_run(copy, record(9)[1]) == 4
    promote(copy, "provider", 4, reason="x")
    rollback(copy, "provider", reason="y")
    log_evaluation(copy, name="n", parameters={}, metrics={"m": 1.0}, files=[copy.audit_log])
    assert tree(moved) == before
    shutil.rmtree(moved.root)
    assert load_model(copy, "provider").digest == digest
    assert check_registry(copy) == []
    assert names_no_place(copy, moved.root)
    assert len(list(copy.artifacts.rglob(MODEL_FILE))) == 4


def test_a_workspace_of_an_older_release_is_pinned_by_promotion(older, tmp_path):
    workspace = Workspace(shutil.copytree(older, tmp_path / "elsewhere"))
    with pytest.raises(ToolkitError, match="audit log does not record that version 1 was promoted"):
        load_model(workspace, "provider")
    with pytest.raises(ToolkitError, match=r"its SHA-256 is not in the audit log. Hint: .*`fraud promote 2"):
        load_model(workspace, "provider", "2")
    promote(workspace, "provider", 1, reason="taken over")
    assert load_model(workspace, "provider").version == 1
    with pytest.raises(ToolkitError, match="model fraud-provider/2: its SHA-256 is not in the audit log"):
        rollback(workspace, "provider", reason="not yet")
    promote(workspace, "provider", 2, reason="taken over too")
    assert rollback(workspace, "provider", reason="now") == 1
    assert "sha256.model.lgb" in version_tags(workspace, "provider", 2)


def test_a_workspace_of_an_older_release_is_pinned_at_once(older, tmp_path):
    workspace = Workspace(shutil.copytree(older, tmp_path / "elsewhere"))
    assert str(older).encode() in workspace.tracking_database.read_bytes()
    assert len(check_registry(workspace)) == 3
    before = tree(Workspace(older))
    assert pin_versions(workspace, reason="upgrade") == [
        "model fraud-provider/1: SHA-256 of its files recorded",
        "model fraud-provider/2: SHA-256 of its files recorded",
        "model fraud-provider: champion 1 recorded",
    ]
    assert pin_versions(workspace, reason="upgrade") == []
    assert check_registry(workspace) == []
    assert names_no_place(workspace, older)
    assert log_run(workspace, record(3)[1]) == 3
    assert rollback(workspace, "provider", reason="x") == 2
    assert tree(Workspace(older)) == before


def test_mlflow_is_told_where_files_lie_below_the_workspace(older, tmp_path):
    workspace = Workspace(shutil.copytree(older, tmp_path / "elsewhere"))
    with connected(workspace) as client:
        version = client.get_model_version(NAME, "1")
        run = client.get_run(version.run_id)
        model = client.get_logged_model(version.source.removeprefix("models:/"))
        places = [run.info.artifact_uri, model.artifact_location, client.get_model_version_download_uri(NAME, "1")]
        default = client.get_experiment("0").artifact_location
    for place in places:
        scheme, _, path = place.partition(":/")
        assert (scheme, (workspace.artifacts / path).is_dir()) == ("mlflow-artifacts", True)
    assert default == "mlflow-artifacts:/0"
