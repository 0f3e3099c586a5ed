"""What is older than so many days goes, by kind, with a record; what a month points at stays."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import pytest

from features.claims import ClaimsStore, ingest_source
from features.errors import InputError
from fraud.audit import read_audit
from fraud.erasure import KINDS, expire
from fraud.workspace import Workspace
from tests.support.claims import complete, make_store

NOW = datetime(2026, 8, 1, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path):
    rows = {"settlements": [{"settlement_id": "S1"}]}
    make_store(tmp_path / "w", rows)
    bad = complete({"settlements": [{"settlement_id": "S2"}], "claim_lines": [{"settlement_id": "lost"}]})
    for name, frame in bad.items():
        (tmp_path / "bad").mkdir(exist_ok=True)
        frame.to_csv(tmp_path / "bad" / f"{name}.csv", index=False)
    found = Workspace(tmp_path / "w")
    ingest_source(tmp_path / "bad", found.store)
    for folder in ("cases/2026-01-en", "versions/2026-01-000000000000", "versions/2026-01-111111111111"):
        (found.root / folder).mkdir(parents=True)
        (found.root / folder / "manifest.json").write_text("{}")
    found.runs.mkdir()
    (found.runs / "2026-01").symlink_to("../versions/2026-01-111111111111")
    age = (NOW - timedelta(days=100)).timestamp()
    for path in found.root.rglob("*"):
        if path.is_file():
            os.utime(path, (age, age))
    return found


@pytest.mark.parametrize(("days", "n"), [(101, 0), (99, 1)])
def test_only_what_is_old_goes_and_it_is_recorded(workspace, days, n):
    before = ClaimsStore.open(workspace.store).snapshot()
    wanted = expire(workspace, older_than_days=days, kinds=tuple(KINDS), now=NOW, dry_run=True).removed
    assert expire(workspace, older_than_days=days, kinds=tuple(KINDS), now=NOW).removed == wanted
    assert wanted == dict.fromkeys(KINDS, n)
    assert (workspace.runs / "2026-01" / "manifest.json").exists()
    assert (workspace.cases / "2026-01-en").exists() is not bool(n)
    assert len(list(workspace.versions.iterdir())) == 2 - n
    store = ClaimsStore.open(workspace.store)
    assert store.snapshot() == before
    assert len(store.catalog.quarantine) == 1 - n
    entries = read_audit(workspace.audit_log, workspace.key()).entries
    assert [entry["action"] for entry in entries] == ["expire"] * n


def test_an_unknown_kind_is_refused(workspace):
    with pytest.raises(InputError, match="did you mean 'packs'"):
        expire(workspace, older_than_days=1, kinds=("pack",), now=NOW)
