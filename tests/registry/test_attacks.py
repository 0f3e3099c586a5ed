"""Whoever can write to the workspace's files cannot make scoring run code or take another model."""

import os
import pickle
import shutil
import sqlite3
from contextlib import closing

import pytest

from features.errors import ToolkitError
from fraud.registry._client import connected
from fraud.registry.check import check_registry
from fraud.registry.versions import load_model, promote, rollback

NAME = "fraud-provider"
POISON = """flavors:
  lightgbm: {model_class: lightgbm.sklearn.LGBMClassifier, serialization_format: cloudpickle, data: model.pkl}
  python_function: {loader_module: mlflow.lightgbm, data: model.pkl}
"""


class Evil:
    def __init__(self, marker):
        self.marker = marker

    def __reduce__(self):
        return open, (str(self.marker), "w")


def folder_of(workspace, number):
    run_id = query(workspace, f"SELECT run_id FROM model_versions WHERE version = {number}")
    return workspace.artifacts / NAME / run_id / "artifacts"


def query(workspace, statement):
    with closing(sqlite3.connect(workspace.tracking_database)) as connection, connection:
        return (connection.execute(statement).fetchone() or [None])[0]


def poison(folder, marker):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "MLmodel").write_text(POISON)
    (folder / "model.pkl").write_bytes(pickle.dumps(Evil(marker)))


def test_a_pickle_beside_the_model_is_not_looked_at(own, tmp_path):
    marker = tmp_path / "marker"
    before = load_model(own, "provider").digest
    poison(folder_of(own, 2), marker)
    assert load_model(own, "provider").digest == before
    (folder_of(own, 2) / "model.lgb").write_bytes(pickle.dumps(Evil(marker)))
    with pytest.raises(ToolkitError, match=r"file 'model.lgb' of model fraud-provider/2: it was changed after"):
        load_model(own, "provider")
    assert not marker.exists()


@pytest.mark.parametrize("where", ["runs:/{run}/model", "{folder}", "file://{folder}", "models:/fraud-provider/1"])
def test_a_model_registered_through_mlflow_is_neither_run_nor_promoted(own, tmp_path, where):
    marker = tmp_path / "marker"
    with connected(own) as client:
        run = client.create_run(client.get_experiment_by_name(NAME).experiment_id).info.run_id
        folder = own.artifacts / NAME / run / "artifacts" / "model"
        poison(folder, marker)
        source = where.format(run=run, folder=folder)
        number = client.create_model_version(NAME, source, run_id=run).version
        client.set_registered_model_alias(NAME, "challenger", number)
    for attempt in (
        lambda: load_model(own, "provider", "challenger"),
        lambda: load_model(own, "provider", "4"),
        lambda: promote(own, "provider", 4, reason="looks fine"),
    ):
        with pytest.raises(ToolkitError, match=r"model fraud-provider/4: its source is .* not files of its run"):
            attempt()
    assert not marker.exists()
    assert load_model(own, "provider").version == 2


@pytest.mark.parametrize(
    "source",
    [
        "http://127.0.0.1:9/x",
        "s3://bucket/x",
        "mlflow-artifacts:/../elsewhere",
        "mlflow-artifacts:/fraud-provider/../../x/artifacts",
        "../../x",
        "/etc",
        "models:/m-../../..",
        "dbfs:/x",
        "",
        "x\ny\x1b]0;title\x07",
    ],
)
def test_a_source_elsewhere_is_refused(own, source):
    with closing(sqlite3.connect(own.tracking_database)) as connection, connection:
        connection.execute("UPDATE model_versions SET source = ?, storage_location = ?", (source, source))
    with pytest.raises(ToolkitError, match=r"model fraud-provider/2: its source is .*\. Hint: only what") as refusal:
        load_model(own, "provider")
    assert str(refusal.value).isprintable()
    assert len(check_registry(own)) == 3


@pytest.mark.parametrize("number", ["'../../../etc'", "'" + "0" * 32 + "'", "NULL", "7"])
def test_a_run_that_is_not_there_is_refused(own, number):
    query(own, f"UPDATE model_versions SET run_id = {number}")
    with pytest.raises(ToolkitError, match="model fraud-provider/2: the run that made it is not in the registry"):
        load_model(own, "provider")


def links_out(folder, tmp_path):
    shutil.move(folder / "model.lgb", tmp_path / "model.lgb")
    (folder / "model.lgb").symlink_to(tmp_path / "model.lgb")


def links_folder_out(folder, tmp_path):
    shutil.move(folder, tmp_path / "moved")
    folder.symlink_to(tmp_path / "moved")


def is_a_pipe(folder, _):
    (folder / "model.lgb").unlink()
    os.mkfifo(folder / "model.lgb")


def is_huge(folder, _):
    os.truncate(folder / "model.lgb", 65 * 1024 * 1024)


FILES = {
    links_out: "model.lgb' of model fraud-provider/2: it is reached through a link",
    links_folder_out: "model.lgb' of model fraud-provider/2: it is reached through a link",
    is_a_pipe: "model.lgb' of model fraud-provider/2 .*: not a regular file",
    is_huge: "model.lgb' of model fraud-provider/2 .*: larger than 67,108,864 bytes",
    lambda folder, _: (folder / "model.lgb").unlink(): r"No such file",
    lambda folder, _: (folder / "card.json").write_text("{}"): "card.json' of model fraud-provider/2: it was changed",
    lambda folder, _: shutil.rmtree(folder): "No such file",
}


@pytest.mark.parametrize("harm", FILES, ids=[str(n) for n in range(len(FILES))])
def test_files_that_are_not_those_registered_are_refused(own, tmp_path, harm):
    harm(folder_of(own, 2), tmp_path)
    with pytest.raises(ToolkitError, match=FILES[harm]):
        load_model(own, "provider")
    assert len(check_registry(own)) == 1


def test_one_digit_is_noticed_at_every_door(own):
    for number in (1, 2):
        model = folder_of(own, number) / "model.lgb"
        model.write_bytes(model.read_bytes().replace(b"leaf_value=", b"leaf_value=9", 1))
    for attempt in (
        lambda: load_model(own, "provider"),
        lambda: promote(own, "provider", 2, reason="again"),
        lambda: rollback(own, "provider", reason="away from it"),
    ):
        with pytest.raises(ToolkitError, match=r"file 'model.lgb' of model fraud-provider/[12]: it was changed after"):
            attempt()
    assert len(check_registry(own)) == 2


def test_a_digest_is_believed_where_registry_and_audit_log_agree(own):
    tag = "UPDATE model_version_tags SET value = '0' WHERE key = 'sha256.model.lgb'"
    query(own, tag)
    with pytest.raises(ToolkitError, match="the registry says another SHA-256 than the audit log"):
        load_model(own, "provider")
    query(own, "DELETE FROM model_version_tags WHERE key LIKE 'sha256.%'")
    with pytest.raises(ToolkitError, match="its SHA-256 is not among the version's tags"):
        load_model(own, "provider")
    promote(own, "provider", 2, reason="tags restored")
    assert load_model(own, "provider").version == 2


def test_a_line_of_the_audit_log_is_believed_where_its_chain_holds(own):
    lines = own.audit_log.read_text().splitlines(keepends=True)
    # The first line stands for the key itself.
    forged = [lines[0], *(line.replace('"model.lgb": "', '"model.lgb": "0') for line in lines[1:])]
    own.audit_log.write_text("".join(forged))
    with pytest.raises(ToolkitError, match="its SHA-256 is not in the audit log"):
        load_model(own, "provider")
    own.audit_log.unlink()
    with pytest.raises(ToolkitError, match="audit log does not record that version 2 was promoted"):
        load_model(own, "provider")
    promote(own, "provider", 2, reason="the log was lost")
    assert load_model(own, "provider").version == 2
