"""Dispositions come back: resolved, stored once, every row accounted for."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

import openpyxl
import pytest

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from features.errors import InputError
from fraud.cases.build import build_pack
from fraud.cases.issued import keep_issued, named_pack
from fraud.cases.keyed_ids import ShownPersons
from fraud.cases.life.feedback import import_feedback
from fraud.cli.main import main
from fraud.labels import labels_as_of
from fraud.pseudonyms import CASES, Pseudonyms
from fraud.runs.tables import read_output
from fraud.settings import CaseSettings, Settings
from fraud.workspace import Workspace
from tests.support.claims import make_store

if TYPE_CHECKING:
    from pathlib import Path

PAGE = [
    "case_id", "subject_type", "subject_id", "finding_id", "decision", "decided_date",
    "confirmed_amount", "recovered_amount", "selection_reason", "selection_probability",
]  # fmt: skip


def _csv(path: Path, rows: list[dict[str, str]], columns: list[str] = PAGE) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return path


def _labels(workspace: Workspace) -> list[tuple]:
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(workspace.store).attach(engine)
        return engine.rows(
            "select subject_type, subject_id, decision, cast(known_date as varchar), confirmed_amount, case_id, "
            "selection_reason, selection_probability from labels order by subject_type, subject_id, decision"
        )


def _import(workspace: Workspace, file: Path):
    with workspace.writer():
        return import_feedback(workspace, file, settings=Settings(), today=date(2026, 8, 1))


def _person(workspace: Workspace, **changes: str) -> dict[str, str]:
    row = {
        "case_id": "C-1",
        "subject_type": "patient",
        "subject_id": Pseudonyms(workspace).of("P2", CASES),
        "decision": "confirmed_fraud",
        "decided_date": "2026-07-15",
        "confirmed_amount": "1234.50",
        "selection_reason": "random_audit",
        "selection_probability": "0.04",
    }
    return {**row, **changes}


def test_a_day_that_has_begun_anywhere_is_not_after_today(workspace: Workspace, tmp_path: Path) -> None:
    begun = datetime.now(UTC) + timedelta(hours=14)
    days = [(begun + timedelta(days=n)).date().isoformat() for n in (0, 2)]
    rows = [_person(workspace, decided_date=day, decision="confirmed_waste") for day in days]
    for row in rows:
        del row["case_id"]
    with workspace.writer():
        report = import_feedback(workspace, _csv(tmp_path / "back.csv", rows), settings=Settings())
    assert (report.n_stored, report.n_quarantined) == (1, 1)
    assert report.reasons[0][0].startswith("decided_date: after today")


def test_a_pseudonym_comes_back_as_the_person_with_exact_money(workspace: Workspace, tmp_path: Path) -> None:
    report = _import(workspace, _csv(tmp_path / "back.csv", [_person(workspace)]))
    assert (report.n_read, report.n_stored, report.n_quarantined) == (1, 1, 0)
    # 1234.50 is 123450 minor units; known on the day it was decided, since nothing else is given
    assert _labels(workspace) == [
        ("patient", "P2", "confirmed_fraud", "2026-07-15", 123450, "C-1", "random_audit", 0.04)
    ]
    assert report.decisions == {"confirmed_fraud": 1}
    known = labels_as_of(ClaimsStore.open(workspace.store), "patient", date(2026, 7, 15))
    assert known.loc["P2", "is_positive"]
    assert labels_as_of(ClaimsStore.open(workspace.store), "patient", date(2026, 7, 14)).empty


def test_the_same_decision_twice_is_one_label_and_one_event(workspace: Workspace, tmp_path: Path) -> None:
    rows = [_person(workspace), _person(workspace)]
    first = _import(workspace, _csv(tmp_path / "back.csv", rows))
    assert (first.n_stored, first.n_repeats) == (1, 1)
    snapshot = ClaimsStore.open(workspace.store).snapshot()
    again = _import(workspace, _csv(tmp_path / "again.csv", rows))
    assert (again.n_stored, again.n_repeats, again.n_quarantined) == (0, 2, 0)
    assert ClaimsStore.open(workspace.store).snapshot() == snapshot
    events = [json.loads(line) for line in (workspace.cases / "events.jsonl").read_text().splitlines()]
    assert [(e["case_id"], e["decision"]) for e in events] == [("C-1", "confirmed_fraud")]
    assert "P2" not in (workspace.cases / "events.jsonl").read_text()


def test_every_bad_row_is_kept_with_its_reasons_and_none_is_lost(workspace: Workspace, tmp_path: Path) -> None:
    rows = [
        _person(workspace),
        _person(workspace, subject_id="X0123456789abcdef"),
        _person(workspace, subject_type="provider", subject_id="H9"),
        _person(workspace, decision="guilty", confirmed_amount="12.345"),
        _person(workspace, decided_date="2026-02-30"),
        _person(workspace, decision=""),
        _person(workspace, confirmed_amount="99.00"),
    ]
    report = _import(workspace, _csv(tmp_path / "back.csv", rows))
    # 7 read = 1 stored + 0 repeats + 1 open + 5 quarantined, some of them for several reasons
    assert (report.n_read, report.n_stored, report.n_repeats, report.n_open, report.n_quarantined) == (7, 1, 0, 1, 5)
    reasons = {reason.split(":")[0]: (n, first) for reason, n, first in report.reasons}
    assert reasons["subject_id"][0] == 1, "reasons are told one by one"
    told = " | ".join(f"{reason} @ {first}" for reason, _, first in report.reasons)
    assert "patient is no pseudonym of this workspace @ row 3" in told
    assert "subject_id: not the subject of the case; restore it, or take the pack's own file @ row 3" in told
    assert "provider is not in the store @ row 4" in told
    assert "decision: not one of" in told
    assert "confirmed_amount: not a number of at most 2 decimals @ row 5" in told
    assert "decided_date: not a date @ row 6" in told
    assert "key is taken by a row with other content @ row 8" in told
    kept = json.loads(next((workspace.cases / "quarantine").iterdir()).read_text())
    assert [row["place"] for row in kept] == ["row 3", "row 4", "row 5", "row 6"]


def test_labels_of_the_contract_come_in_as_they_are(workspace: Workspace, tmp_path: Path) -> None:
    row = {
        "label_id": "L1", "subject_type": "provider", "subject_id": "H1", "decision": "unfounded",
        "decided_date": "2026-05-01", "known_date": "2026-05-20", "remark": "x",
    }  # fmt: skip
    report = _import(workspace, _csv(tmp_path / "labels.csv", [row], list(row)))
    assert report.n_stored == 1
    assert report.unknown_columns == ("remark",)
    assert _labels(workspace)[0][:4] == ("provider", "H1", "unfounded", "2026-05-20")


def test_texts_of_labels_are_stored_as_they_were_written(workspace: Workspace, tmp_path: Path) -> None:
    codes = ['"', '"x', 'a""b', "a,b;c|d", "'", "NULL", "null", "\\N", "#", "=1+1", "a\u2028b", "𠮷", "[/b]", "-", "\\"]
    rows = [
        {"label_id": f"L{n:02}", "subject_type": "provider", "subject_id": "H1", "decision": "confirmed_fraud",
         "decided_date": "2026-05-01", "scheme_code": code}
        for n, code in enumerate(codes)
    ]  # fmt: skip
    report = _import(workspace, _csv(tmp_path / "labels.csv", rows, list(rows[0])))
    assert (report.n_stored, report.reasons) == (len(codes), ())
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(workspace.store).attach(engine)
        assert [row[0] for row in engine.rows("select scheme_code from labels order by label_id")] == codes


def test_the_download_of_the_page_as_json(workspace: Workspace, tmp_path: Path) -> None:
    row = _person(workspace) | {"confirmed_amount": 0.1}
    del row["selection_probability"]
    (tmp_path / "back.json").write_text(json.dumps({"dispositions": [row]}))
    assert _import(workspace, tmp_path / "back.json").n_stored == 1
    assert _labels(workspace)[0][4] == 10
    assert _labels(workspace)[0][7] == 0.04, "what the row does not say, the pack does"


def test_a_chinese_workbook_with_typed_dates_and_open_rows(workspace: Workspace, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "案件汇总"
    sheet.append(["案件编号", "对象类型", "对象编号", "处理结论", "结论日期", "认定金额", "备注"])
    sheet.append(["C-H1", "医药机构", "H1", "查实：滥用基金", datetime(2026, 7, 3), 0.3, "见笔录"])  # noqa: DTZ001 - as Excel
    sheet.append(
        ["C-2", "参保人", Pseudonyms(workspace).of("P1", CASES), "有合理解释，不予认定", "2026/7/4", None, "病历齐全"]
    )
    sheet.append(["C-1", "参保人", "P2", None, None, None, "等待资料"])
    book.save(tmp_path / "back.xlsx")
    report = _import(workspace, tmp_path / "back.xlsx")
    assert (report.n_read, report.n_stored, report.n_open) == (3, 2, 1)
    found = [row[:5] for row in _labels(workspace)]
    assert found == [
        ("patient", "P1", "unfounded", "2026-07-04", None),
        ("provider", "H1", "confirmed_abuse", "2026-07-03", 30),
    ]
    assert "见笔录" in (workspace.cases / "events.jsonl").read_text()


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.csv", "case_id,decision\nC-1,unfounded\n", "column subject_type, subject_id, decided_date is missing"),
        ("a.csv", "", "empty"),
        ("a.csv", "decision,decision\n", "one twice"),
        ("a.json", "{", "Expecting property name"),
        ("a.json", "3", "no list of dispositions"),
        ("a.xlsx", "nothing", "File is not a zip file"),
        ("a.pdf", "nothing", "a file ending in '.pdf'"),
    ],
)
def test_a_file_that_cannot_be_used_writes_nothing(workspace, tmp_path, name, content, why) -> None:
    (tmp_path / name).write_text(content)
    with pytest.raises(InputError, match=why):
        _import(workspace, tmp_path / name)
    assert [path.name for path in workspace.cases.iterdir()] == ["issued"]
    assert not ClaimsStore.open(workspace.store).has("labels")


def test_the_command_prints_conservation(workspace: Workspace, tmp_path: Path, capsys) -> None:
    file = _csv(tmp_path / "back.csv", [_person(workspace), _person(workspace, subject_id="P9")])
    with pytest.raises(SystemExit) as left:
        main(["--workspace", str(workspace.root), "feedback", "import", str(file)])
    assert not left.value.code
    shown = capsys.readouterr().out
    assert "confirmed_fraud: 1" in shown
    assert "1 quarantined: subject_id: patient is not in the store (first: row 3)" in shown
    assert '"action": "feedback import"' in workspace.audit_log.read_text()


def test_a_practitioner_comes_back_by_the_pseudonym_shown(tmp_path: Path) -> None:
    settlement = {"settlement_id": "S1", "attending_practitioner_id": "D1", "person_id": "D1"}
    make_store(tmp_path / "w", {"settlements": [settlement]})
    workspace = Workspace(tmp_path / "w")
    shown = ShownPersons(workspace).subject("practitioner", "D1")
    assert shown != ShownPersons(workspace).subject("patient", "D1")
    row = _person(workspace, subject_type="practitioner", subject_id=shown)
    del row["case_id"]
    assert _import(workspace, _csv(tmp_path / "a.csv", [row])).n_stored == 1
    assert _labels(workspace)[0][:2] == ("practitioner", "D1")


@pytest.mark.parametrize("reach", ["workspace", "pack"])
def test_a_finding_about_a_person_is_stored_under_its_own_id(own_copy: Workspace, tmp_path: Path, reach: str) -> None:
    pack = build_pack(own_copy, "2026-03", settings=Settings(cases=CaseSettings(top=40, pseudonyms=reach)))
    own_copy.record("cases export", pseudonyms=pack.scope.as_dict())
    pack = named_pack(pack, own_copy.key())
    keep_issued(own_copy, pack)
    case = next(case for case in pack.cases if case.subject_type == "patient" and case.findings)
    shown = case.findings[0].finding_id
    row = {
        "case_id": case.case_id,
        "subject_type": "patient",
        "subject_id": case.shown_id,
        "finding_id": shown,
        "decision": "confirmed_abuse",
        "decided_date": "2026-05-02",
    }
    assert _import(own_copy, _csv(tmp_path / "a.csv", [row])).n_stored == 1
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(own_copy.store).attach(engine)
        found = engine.rows("select subject_id, finding_id from labels where case_id = ?", [case.case_id])
    findings = read_output(own_copy.run("2026-03"), "findings").set_index("finding_id")
    assert found[0][0] == case.subject_id
    assert found[0][1] != shown
    assert findings.loc[found[0][1], "subject_id"] == case.subject_id
