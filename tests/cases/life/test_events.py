"""The history of cases: no event lost, none twice, no person to be guessed from it, whatever goes wrong."""

from __future__ import annotations

import csv
import errno
import hashlib
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from features.errors import ToolkitError
from fraud import durable
from fraud.audit import read_audit
from fraud.cases.life import feedback, make_labels, pending
from fraud.cases.life.feedback import import_feedback
from fraud.cases.life.label_ids import IDENTITY, LabelIds
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.support.claims import make_store
from tests.support.packs import issue, make_case

COLUMNS = ("case_id", "subject_type", "subject_id", "finding_id", "decision", "decided_date", "note")
ROWS = [
    ("C-1", "patient", "P1", "", "confirmed_fraud", "2026-07-15", "seen at the gate"),
    ("C-2", "patient", "P2", "F-1", "unfounded", "2026-07-16", "seen by the ward"),
    ("C-3", "provider", "H1", "", "confirmed_abuse", "2026-07-17", "见笔录"),
]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    make_store(tmp_path / "w", {"settlements": [{"settlement_id": "S1"}, {"settlement_id": "S2", "person_id": "P2"}]})
    workspace = Workspace(tmp_path / "w")
    cases = [
        make_case(case_id=row[0], subject_type=row[1], subject_id=row[2], shown_id=row[2], subject_name="")
        for row in ROWS
    ]
    issue(workspace, *cases)
    return workspace


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return _csv(tmp_path / "back.csv", ROWS)


def _csv(path: Path, rows) -> Path:
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([COLUMNS, *rows])
    return path


def _import(workspace: Workspace, file: Path):
    with workspace.writer():
        return import_feedback(workspace, file, settings=Settings())


def _events(workspace: Workspace) -> list[dict]:
    return [json.loads(line) for line in (workspace.cases / "events.jsonl").read_text().splitlines()]


def _told(workspace: Workspace) -> list[tuple]:
    return sorted((e["case_id"], e["decision"], e["decided_date"], e["note"]) for e in _events(workspace))


WANTED = sorted((row[0], row[4], row[5], row[6] or None) for row in ROWS)


def _unkeyed(row) -> str:
    text = "\0".join(dict(zip(COLUMNS, row, strict=True))[name] for name in IDENTITY)
    return f"L-{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def test_nothing_in_history_and_logs_follows_from_a_person_without_the_key(workspace, file):
    _import(workspace, file)
    text = (workspace.cases / "events.jsonl").read_text() + workspace.audit_log.read_text()
    text += " ".join(path.name for path in workspace.cases.rglob("*"))
    guesses = [_unkeyed(row) for row in ROWS] + [hashlib.sha256(file.read_bytes()).hexdigest()[:12]]
    guesses += [r"F-1\b", r"P1\b", r"P2\b"]
    assert [guess for guess in guesses if re.search(rf"\b{guess}", text)] == []
    assert len(_events(workspace)) == 3


def test_equal_decisions_have_equal_ids_in_one_workspace_only(workspace, tmp_path):
    shutil.copytree(workspace.store, tmp_path / "other" / "store")
    label = dict(zip(COLUMNS, ROWS[0], strict=True))
    stores = [(space, ClaimsStore.open(space.store)) for space in (workspace, Workspace(tmp_path / "other"))]
    first, again, other = (LabelIds(*stores[which]).of(label) for which in (0, 0, 1))
    assert first == again != other


def _import_as_before(workspace: Workspace, file: Path, monkeypatch) -> None:
    """Import as an earlier version did: plain ids, plain events."""
    with monkeypatch.context() as then:
        then.setattr(make_labels.LabelIds, "of", lambda _self, label: _unkeyed([label.get(c, "") for c in COLUMNS]))
        _import(workspace, file)
    events = [
        {**event, "label_id": _unkeyed(row), "finding_id": row[3] or None, "source": "0" * 64}
        for row, event in zip(ROWS, sorted(_events(workspace), key=lambda e: e["case_id"]), strict=True)
    ]
    for event in events:
        del event["format"]
    (workspace.cases / "events.jsonl").write_text("".join(f"{json.dumps(event)}\n" for event in events))


def test_decisions_stored_under_plain_ids_are_repeats_and_their_history_is_keyed(workspace, file, monkeypatch):
    _import_as_before(workspace, file, monkeypatch)
    report = _import(workspace, file)
    assert (report.n_stored, report.n_repeats, report.n_quarantined) == (0, 3, 0)
    assert _told(workspace) == WANTED
    text = (workspace.cases / "events.jsonl").read_text()
    assert [guess for guess in [*map(_unkeyed, ROWS), '"F-1"', "0" * 64] if guess in text] == []


def test_a_plain_id_can_be_overturned_by_the_id_that_the_history_shows(workspace, file, tmp_path, monkeypatch):
    _import_as_before(workspace, file, monkeypatch)
    _import(workspace, file)
    shown = next(event["label_id"] for event in _events(workspace) if event["case_id"] == "C-1")
    columns = "subject_type,subject_id,decision,decided_date,supersedes_label_id,note"
    (tmp_path / "appeal.csv").write_text(f"{columns}\npatient,P1,unfounded,2026-08-01,{shown},on appeal\n")
    assert _import(workspace, tmp_path / "appeal.csv").n_stored == 1
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(workspace.store).attach(engine)
        stored = engine.rows("select supersedes_label_id from labels where supersedes_label_id is not null")
    assert stored == [(_unkeyed(ROWS[0]),)]
    assert _events(workspace)[-1]["supersedes_label_id"] == shown


@pytest.mark.parametrize("cut", [1, 30, 10_000])
def test_a_torn_history_is_made_whole_by_the_same_file(workspace, file, cut):
    _import(workspace, file)
    path = workspace.cases / "events.jsonl"
    path.write_bytes(path.read_bytes()[:-cut] if cut < path.stat().st_size else b"")
    assert _import(workspace, file).n_stored == 0
    assert _told(workspace) == WANTED


def test_a_history_that_cannot_be_written_stores_no_label(workspace, file):
    (workspace.cases / "events.jsonl").mkdir(parents=True)
    with pytest.raises(ToolkitError, match="history of cases"):
        _import(workspace, file)
    assert not ClaimsStore.open(workspace.store).has("labels")
    (workspace.cases / "events.jsonl").rmdir()
    assert _import(workspace, file).n_stored == 3
    assert _told(workspace) == WANTED


def test_an_import_that_cannot_be_recorded_stores_no_label(workspace, file):
    workspace.key()
    workspace.audit_log.mkdir()
    with pytest.raises(ToolkitError, match="is not recorded"):
        _import(workspace, file)
    assert not ClaimsStore.open(workspace.store).has("labels")


def test_a_full_disk_after_the_labels_is_made_good_by_the_next_import(workspace, file, tmp_path, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as then:
        then.setattr(pending, "append_missing", full)
        with pytest.raises(ToolkitError, match="No space left on device; what was stored gets its events"):
            _import(workspace, file)
    other = _csv(tmp_path / "other.csv", [("C-3", "provider", "H1", "", "confirmed_abuse", "2026-09-01", "")])
    assert _import(workspace, other).n_stored == 1
    assert _told(workspace) == [*WANTED, ("C-3", "confirmed_abuse", "2026-09-01", None)]
    entries = read_audit(workspace.audit_log, workspace.key()).entries
    told = [(e["action"], e.get("resumed")) for e in entries]
    assert told.count(("feedback import", True)) == 1
    assert not (workspace.cases / "pending.json").exists()


def test_half_a_surrogate_pair_breaks_no_line(workspace):
    line = durable.json_line({"note": "\ud800"})
    assert json.loads(line) == {"note": "\ud800"}


def test_a_refused_row_lies_where_only_the_owner_reads(workspace, tmp_path):
    _import(workspace, _csv(tmp_path / "back.csv", [("C-1", "patient", "P9", "", "unfounded", "2026-07-15", "")]))
    for path in (workspace.cases, *workspace.cases.rglob("*")):
        assert path.stat().st_mode & 0o077 == 0, path
    assert (
        feedback.source_id(workspace.key(), hashlib.sha256((tmp_path / "back.csv").read_bytes()).hexdigest())[:16]
        == next((workspace.cases / "quarantine").iterdir()).stem
    )


@pytest.mark.parametrize("stride", [pytest.param(1, marks=pytest.mark.slow), 11])
def test_an_import_killed_at_any_write_is_finished_by_the_next(workspace, file, tmp_path, stride):
    workspace.key()
    out = tmp_path / "killed"
    command = [sys.executable, "-m", "tests.cases.life.killed_import", workspace.root, file, out, str(stride)]
    here = Path(__file__).parents[3]
    done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300, cwd=here)
    assert done.returncode == 0, done.stderr
    left = sorted(out.iterdir())
    assert len(left) > 24 / stride
    for root in left:
        killed = Workspace(root)
        report = _import(killed, file)
        assert report.n_stored + report.n_repeats == 3, root
        assert _told(killed) == WANTED, root
        assert len({event["label_id"] for event in _events(killed)}) == 3, root
        entries = read_audit(killed.audit_log, killed.key()).entries
        begun = {e["started"] for e in entries if e["action"] == "feedback import begun"}
        ended = [e["started"] for e in entries if e["action"] == "feedback import"]
        assert len(ended) == len(set(ended)), root
        assert set(ended) <= begun, root
        assert [path for path in killed.cases.iterdir() if path.name not in ("events.jsonl", "issued")] == [], root
