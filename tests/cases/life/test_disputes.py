"""Decisions that contradict each other are asked about, and who clears or overturns says why."""

from __future__ import annotations

import csv
from datetime import date
from typing import TYPE_CHECKING

import pytest

from features.claims import ClaimsStore
from fraud.cases.life.feedback import import_feedback
from fraud.cases.life.scored_ids import ScoredIds
from fraud.labels import labels_as_of
from fraud.settings import Settings

if TYPE_CHECKING:
    from fraud.workspace import Workspace

COLUMNS = [
    "label_id", "case_id", "subject_type", "subject_id", "finding_id", "decision", "decided_date", "note",
    "supersedes_label_id",
]  # fmt: skip
TODAY = date(2026, 8, 1)


def _row(label_id: str = "", subject: str = "H1", decision: str = "confirmed_fraud", day: str = "2026-07-01", **more):
    row = {"label_id": label_id, "subject_type": "provider", "subject_id": subject, "decision": decision}
    return {**row, "decided_date": day, **more}


def _import(workspace: Workspace, *rows: dict[str, str]):
    file = workspace.root.parent / "back.csv"
    with file.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    with workspace.writer():
        report = import_feedback(workspace, file, settings=Settings(), today=TODAY)
    return (report.n_stored, report.n_repeats, report.n_quarantined), [reason for reason, _, _ in report.reasons]


@pytest.mark.parametrize(
    ("rows", "n_refused", "reason"),
    [
        # The same day or another: without a word about which counts, nobody knows.
        ([_row("A"), _row("B", decision="unfounded")], 2, "decision: contradicts that of row"),
        ([_row("A"), _row("B", decision="unfounded", day="2026-07-02")], 2, "decision: contradicts that of row"),
        ([_row("A"), _row("B", decision="insufficient_evidence")], 2, "decision: contradicts that of row"),
        (
            [_row("A", note="x"), _row("B", decision="unfounded", supersedes_label_id="B")],
            1,
            "supersedes_label_id: names the",
        ),
        ([_row("A", supersedes_label_id="L-none")], 1, "supersedes_label_id: names no label"),
        ([_row("A"), _row("B", subject="H2", supersedes_label_id="A")], 1, "supersedes_label_id: names no label"),
        (
            [_row("A", supersedes_label_id="B"), _row("B", supersedes_label_id="A")],
            2,
            "supersedes_label_id: goes round",
        ),
        (
            [_row("A"), _row("B", day="2026-06-01", supersedes_label_id="A")],
            1,
            "supersedes_label_id: names a decision of a",
        ),
        # What names a refused one names nothing.
        ([_row("A", note="x" * 3_000), _row("B", supersedes_label_id="A")], 2, "supersedes_label_id: names no label"),
        ([_row(decision="unfounded")], 1, "note: empty; 'unfounded' clears"),
        ([_row(case_id="C-H1", decision="unfounded")], 1, "note: empty; 'unfounded' clears"),
        ([_row(case_id="C-H1"), _row(case_id="C-H1", decision="unfounded", note="y")], 2, "decision: contradicts"),
        (
            [_row(case_id="C-H1", finding_id="F-1"), _row(case_id="C-H1", decision="unfounded", note="y")],
            2,
            "decision: contradicts",
        ),
        ([_row("A", finding_id="F-none")], 1, "finding_id: no finding of a scored month"),
        ([_row("A") | {"subject_type": "ring", "subject_id": "R-none"}], 1, "subject_id: no ring of a scored month"),
    ],
)
def test_what_cannot_stand_is_asked_about(workspace: Workspace, rows, n_refused: int, reason: str) -> None:
    rows = [
        each if each["subject_id"] != "H2" else each | {"subject_id": "P1", "subject_type": "patient"} for each in rows
    ]
    counts, reasons = _import(workspace, *rows)
    assert counts == (len(rows) - n_refused, 0, n_refused)
    assert any(each.startswith(reason) for each in reasons), reasons
    kept = [path for path in (workspace.cases / "quarantine").iterdir() if path.suffix == ".json"]
    assert len(kept) == 1
    assert kept[0].stat().st_mode & 0o077 == 0


@pytest.mark.parametrize(
    "rows",
    [
        [_row("A"), _row("B", decision="confirmed_abuse")],
        [_row("A"), _row("B", decision="unfounded", supersedes_label_id="A", note="appeal")],
        [
            _row(case_id="C-H1", finding_id="F-1"),
            _row(case_id="C-H1", finding_id="F-2", decision="unfounded", note="y"),
        ],
        [_row("A"), _row("B") | {"subject_type": "patient", "subject_id": "P1", "decision": "unfounded"}],
        [_row(case_id="C-H1"), _row("B", decision="confirmed_fraud", day="2026-07-05")],
    ],
)
def test_what_can_stand_together_is_stored(workspace: Workspace, rows) -> None:
    assert _import(workspace, *rows) == ((len(rows), 0, 0), [])


def test_an_earlier_decision_stands_until_one_names_it(workspace: Workspace) -> None:
    assert _import(workspace, _row("A"))[0] == (1, 0, 0)
    counts, reasons = _import(workspace, _row("B", decision="unfounded", day="2026-07-09"))
    assert counts == (0, 0, 1)
    told = "label A ('confirmed_fraud' of 2026-07-01); name it in supersedes_label_id if it is overturned"
    assert reasons == [f"decision: contradicts {told}"]
    overturning = _row(decision="unfounded", day="2026-07-09", supersedes_label_id="A", note="won on appeal")
    unsaid = overturning | {"note": ""}
    assert _import(workspace, unsaid)[1] == ["note: empty; 'unfounded' clears, so say why"]
    assert _import(workspace, overturning)[0] == (1, 0, 0)
    known = labels_as_of(ClaimsStore.open(workspace.store), "provider", TODAY)
    assert known["is_positive"].to_dict() == {"H1": False}
    # Given again, both are what is stored, though they contradict each other.
    assert _import(workspace, _row("A"), overturning)[0] == (0, 2, 0)


def test_rings_and_findings_of_scored_months_are_known(scored_city) -> None:
    known = ScoredIds(scored_city[0])
    assert known.findings
    assert {kind for kind, _ in known.findings.values()} <= {"provider", "patient", "practitioner"}
    assert all(isinstance(ring, str) for ring in known.rings)
