import json
import re

import numpy as np
import pandas as pd
import pytest

from features.errors import InputError
from fraud.models.supervised import BoosterParameters, train_booster
from fraud.registry.records import RunRecord, keyed_ids
from fraud.registry.runs import log_run
from fraud.registry.versions import load_model, promote, rollback, tag_version, version_tags


def record(seed=7, entity="provider"):
    random = np.random.default_rng(seed)
    ids = [f"P{n:03}" for n in range(120)]
    values = pd.DataFrame(random.normal(size=(120, 3)), index=ids, columns=["visits_count", "amount_mean", "hhi"])
    booster = train_booster(values, values["hhi"] > 1, seed=seed, parameters=BoosterParameters(n_trees=5))
    card = {"mode": "labelled", "month": "2026-03", "window_months": 6, "as_of": "2026-04-01", "platt": None}
    return values, RunRecord(
        entity,
        booster,
        card,
        {"seed": seed},
        {"ap": 0.8, "ap_low": 0.7, "ap_high": 0.9},
        {"snapshot": "abc"},
        {"contributions": pd.DataFrame({"hhi": [0.5]}, index=["k1"])},
        {"summary": b"\x89PNG"},
    )


def test_what_goes_in_comes_out(workspace):
    values, given = record()
    version = log_run(workspace, given)
    loaded = load_model(workspace, "provider", "challenger")
    assert (version, loaded.version, loaded.name) == (1, 1, "fraud-provider/1")
    assert loaded.card == given.card
    assert np.array_equal(loaded.booster.predict(values.to_numpy()), given.booster.predict(values.to_numpy()))
    assert load_model(workspace, "provider", "1").digest == loaded.digest
    assert version_tags(workspace, "provider", 1)["mode"] == "labelled"


def test_nothing_is_pickled(workspace):
    log_run(workspace, record()[1])
    files = sorted(path for path in workspace.artifacts.rglob("*") if path.is_file())
    assert {"model.lgb", "card.json", "contributions.parquet", "summary.png"} <= {path.name for path in files}
    assert not [path for path in files if path.suffix in {".pkl", ".pickle", ".joblib", ".skops"}]
    # Protocol 2 and later start with 0x80 and the number of the protocol.
    assert not [path for path in files if re.match(rb"\x80[\x02-\x05]", path.read_bytes()[:2])]
    assert "python_function" in next(path for path in files if path.name == "MLmodel").read_text()


def test_signature_is_all_doubles(workspace):
    log_run(workspace, record()[1])
    text = next(workspace.artifacts.rglob("MLmodel")).read_text()
    inputs = json.loads(re.search(r"inputs: '(\[.*?\])'", text, re.DOTALL)[1].replace("\n", " "))
    assert [column["type"] for column in inputs] == ["double"] * 3


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
