import hashlib
import json
import re

import numpy as np
import pandas as pd
import pytest

from features.errors import InputError
from fraud.registry._client import connected
from fraud.registry.records import keyed_ids
from fraud.registry.runs import log_run
from fraud.registry.versions import load_model, promote, rollback, tag_version, version_tags
from tests.registry.training import record


def test_what_goes_in_comes_out(workspace):
    values, given = record()
    version = log_run(workspace, given)
    loaded = load_model(workspace, "provider", "challenger")
    assert (version, loaded.version, loaded.name) == (1, 1, "fraud-provider/1")
    assert loaded.card == given.card
    assert np.array_equal(loaded.booster.predict(values.to_numpy()), given.booster.predict(values.to_numpy()))
    assert load_model(workspace, "provider", "1").digest == loaded.digest
    assert version_tags(workspace, "provider", 1)["mode"] == "labelled"


def test_nothing_is_pickled_and_nothing_names_a_class(workspace):
    log_run(workspace, record()[1])
    files = sorted(path for path in workspace.artifacts.rglob("*") if path.is_file())
    assert [path.name for path in files] == ["card.json", "contributions.parquet", "model.lgb", "summary.png"]
    # Protocol 2 and later start with 0x80 and the number of the protocol.
    assert not [path for path in files if re.match(rb"\x80[\x02-\x05]", path.read_bytes()[:2])]


def test_mlflow_shows_version_run_and_numbers(workspace):
    log_run(workspace, record()[1])
    with connected(workspace) as client:
        version = client.get_model_version_by_alias("fraud-provider", "challenger")
        run = client.get_run(version.run_id)
    assert (run.info.status, run.info.run_name) == ("FINISHED", "2026-03 labelled")
    assert run.data.params == {"seed": "7"}
    assert run.data.metrics == {"ap": 0.8, "ap_low": 0.7, "ap_high": 0.9}
    assert run.data.tags["data.snapshot"] == "abc"
    assert run.info.artifact_uri == version.source == f"mlflow-artifacts:/fraud-provider/{version.run_id}/artifacts"
    model = workspace.artifacts / "fraud-provider" / version.run_id / "artifacts" / "model.lgb"
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    assert version.tags["sha256.model.lgb"] == digest
    assert json.loads(workspace.audit_log.read_text())["files"]["model.lgb"] == digest


def test_no_alias_no_model(workspace, tmp_path_factory):
    from fraud.workspace import Workspace

    empty = Workspace(tmp_path_factory.mktemp("empty"))
    assert load_model(empty, "provider") is None
    assert not empty.tracking_database.exists()
    assert load_model(workspace, "provider") is None
    log_run(workspace, record()[1])
    assert load_model(workspace, "provider", "champion") is None
    assert load_model(workspace, "patient", "challenger") is None


def test_promote_and_roll_back(workspace):
    for seed in (1, 2, 3):
        log_run(workspace, record(seed)[1])
    promote(workspace, "provider", 1, reason="first")
    promote(workspace, "provider", 3, reason="better")
    assert load_model(workspace, "provider").version == 3
    assert rollback(workspace, "provider", reason="complaints") == 1
    assert load_model(workspace, "provider").version == 1
    assert version_tags(workspace, "provider", 3)["rolled_back_because"] == "complaints"
    with pytest.raises(InputError, match="no champion before"):
        rollback(workspace, "provider", reason="again")
    promote(workspace, "provider", 3, reason="mended")
    assert rollback(workspace, "provider", reason="again") == 1
    actions = [json.loads(line)["action"] for line in workspace.audit_log.read_text().splitlines()]
    assert actions == ["model registered"] * 3 + ["model promoted"] * 2 + ["model rolled back", "model promoted"] + [
        "model rolled back"
    ]


def test_refusals(workspace):
    with pytest.raises(InputError, match="model version '9' of fraud-provider: not in the registry"):
        promote(workspace, "provider", 9, reason="x")
    with pytest.raises(InputError, match="entity 'hospital'"):
        load_model(workspace, "hospital")
    with pytest.raises(InputError, match="empty"):
        promote(workspace, "provider", 1, reason=" ")
    with pytest.raises(InputError, match="no champion before"):
        rollback(workspace, "provider", reason="nothing there yet")
    with pytest.raises(InputError, match=r"1,001 characters"):
        promote(workspace, "provider", 1, reason="x" * 1001)
    for alias in ("9", "0", "9" * 40):
        with pytest.raises(InputError, match="not in the registry"):
            load_model(workspace, "provider", alias)
    with pytest.raises(InputError, match=r"model alias 'champoin' of fraud-provider: no such model. Hint: known"):
        load_model(workspace, "provider", "champoin")


def test_decision_is_kept_with_the_version(workspace):
    log_run(workspace, record()[1])
    tag_version(workspace, "provider", 1, {"decision": "refused"})
    assert version_tags(workspace, "provider", 1)["decision"] == "refused"


def test_keyed_ids_repeat_within_a_workspace_only(workspace, tmp_path_factory):
    from fraud.workspace import Workspace

    ids = pd.Index(["P1", "P2"])
    first = keyed_ids(workspace, ids)
    assert list(first) == list(keyed_ids(workspace, ids))
    assert first.is_unique
    assert not set(first) & set(ids)
    assert list(first) != list(keyed_ids(Workspace(tmp_path_factory.mktemp("other")), ids))
    assert (workspace.root / "pseudonyms.key").stat().st_mode & 0o777 == 0o600
