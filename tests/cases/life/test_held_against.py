"""What was locked in a pack must come back as it went out; otherwise the row is refused with the cell that differs."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from fraud.cases.issued import HELD, IssuedPacks, keep_issued, named_pack
from fraud.cases.life.feedback import import_feedback
from fraud.cases.life.make_labels import make_labels
from fraud.cases.life.returned import read_returned
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.support.packs import make_case, make_pack
from tests.support.workbooks import filled

if TYPE_CHECKING:
    from pathlib import Path

TODAY = date(2026, 8, 1)
DECIDED = {"decision": "Confirmed: fraud", "decided_date": datetime(2026, 7, 1)}  # noqa: DTZ001 - as a cell holds it


def made_of(workspace: Workspace, file: Path):
    """Labels and refused rows of a returned file."""
    return make_labels(workspace, ClaimsStore.open(workspace.store), read_returned(file), TODAY)


def _reasons(workspace: Workspace, file: Path) -> list[str]:
    labels, refused = made_of(workspace, file)
    assert labels == []
    return [reason for row in refused for reason in row.reasons]


@pytest.mark.parametrize("column", [column.name for column in HELD])
def test_a_locked_cell_that_was_changed_or_emptied_refuses_the_row(workspace, book, tmp_path, column: str) -> None:
    kind = {held.name: held.kind for held in HELD}[column]
    forged = {"text": "other", "date": datetime(2026, 1, 1)}.get(kind, 7)  # noqa: DTZ001
    # The provider of the first row has every cell but that of the case drawn at random.
    row = 3 if column == "selection_probability" else 2
    for value in (forged, 0.5, None) if kind == "number" else (forged, None):
        (tmp_path / "a.xlsx").write_bytes(filled(book, row=row, **DECIDED, **{column: value}))
        reasons = _reasons(workspace, tmp_path / "a.xlsx")
        assert any(reason.startswith(f"{column}: ") for reason in reasons), (value, reasons)


def test_a_case_of_the_pack_comes_back_with_what_the_pack_knows(workspace, book, tmp_path) -> None:
    (tmp_path / "a.xlsx").write_bytes(filled(book, row=3, **DECIDED))
    (label,), refused = made_of(workspace, tmp_path / "a.xlsx")
    assert refused == []
    assert (label.label["subject_id"], label.label["selection_probability"]) == ("P2", "0.04")
    assert label.row["pack_id"].startswith("P-")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"case_id": "C-000000000000"}, "case_id: no case of the pack that the row names"),
        ({"case_id": None}, "case_id: empty"),
        ({"case_id": None, "pack_id": None}, "case_id: empty"),
        ({"case_id": "C-000000000000", "pack_id": None}, "case_id: no case of any pack that this workspace issued"),
        ({"pack_id": "P-0123456789abcdef"}, "pack_id: no pack that this workspace issued"),
        ({"pack_id": "../../w/store/catalog"}, "pack_id: no pack that this workspace issued"),
        ({"case_id": "C-2"}, "subject_id: not the subject of the case"),
        ({"subject_type": "Practitioner", "subject_id": "D1"}, "subject_id: not the subject of the case"),
        ({"decided_date": "2026-05-31"}, "decided_date: before the month that the case is of"),
    ],
)
def test_a_row_of_another_case_or_pack_is_refused(workspace, book, tmp_path, changes, reason) -> None:
    (tmp_path / "a.xlsx").write_bytes(filled(book, row=3, **(DECIDED | changes)))
    reasons = _reasons(workspace, tmp_path / "a.xlsx")
    assert any(told.startswith(reason) for told in reasons), reasons
    assert "P2" not in json.dumps(reasons)


def test_a_download_without_pack_is_held_against_every_pack_that_has_the_case(workspace, tmp_path) -> None:
    again = named_pack(make_pack(make_case(case_id="C-H1", rank=9), lang="zh"), workspace.key())
    keep_issued(workspace, again)
    head = "case_id,subject_type,subject_id,decision,decided_date,risk_rank,finding_id,selection_probability\n"
    for rank, finding, probability, reason in (
        ("9", "F-1", "", ""),
        ("3", "F-2", "", ""),
        ("4", "F-1", "", "risk_rank: '4' where "),
        ("3", "F-9", "", "finding_id: no finding of the case"),
        ("3", "", "0.5", "selection_probability: '0.5' where nothing went out"),
    ):
        row = f"C-H1,provider,H1,confirmed_fraud,2026-07-01,{rank},{finding},{probability}\n"
        (tmp_path / "a.csv").write_text(head + row)
        labels, refused = made_of(workspace, tmp_path / "a.csv")
        told = [each for row in refused for each in row.reasons]
        assert (len(labels), [each[: len(reason)] for each in told]) == ((0, [reason]) if reason else (1, []))


def test_a_record_that_was_changed_is_none(workspace, book, tmp_path) -> None:
    (path,) = (workspace.cases / "issued").iterdir()
    assert path.stat().st_mode & 0o077 == 0
    told = path.read_text()
    (tmp_path / "a.xlsx").write_bytes(filled(book, row=3, **DECIDED))
    for content in (told.replace("0.04", "0.90"), told[:-2], "{}", "", "\ud800".encode("utf-8", "surrogatepass")):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        assert IssuedPacks(workspace).named(path.stem) is None
        assert [each[:8] for each in _reasons(workspace, tmp_path / "a.xlsx")] == ["pack_id:"]
    path.write_text(told)
    assert len(made_of(workspace, tmp_path / "a.xlsx")[0]) == 1


def test_the_history_names_the_pack(workspace, book, tmp_path) -> None:
    (tmp_path / "a.xlsx").write_bytes(filled(book, **DECIDED))
    with workspace.writer():
        report = import_feedback(workspace, tmp_path / "a.xlsx", settings=Settings(), today=TODAY)
    assert (report.n_read, report.n_stored, report.n_open) == (3, 1, 2)
    (event,) = (json.loads(line) for line in (workspace.cases / "events.jsonl").read_text().splitlines())
    (issued,) = (workspace.cases / "issued").iterdir()
    assert event["pack_id"] == issued.stem
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(workspace.store).attach(engine)
        assert engine.rows("select case_id, selection_reason from labels") == [("C-H1", "ranked")]


def test_rows_that_are_no_longer_refused_leave_the_quarantine(workspace, book, tmp_path) -> None:
    (tmp_path / "a.xlsx").write_bytes(filled(book, **DECIDED))
    for today, n_kept in ((date(2026, 6, 30), 1), (TODAY, 0)):
        with workspace.writer():
            import_feedback(workspace, tmp_path / "a.xlsx", settings=Settings(), today=today)
        assert len(list((workspace.cases / "quarantine").iterdir())) == n_kept
