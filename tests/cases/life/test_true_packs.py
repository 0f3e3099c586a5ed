"""Decisions on packs that the export wrote come back, whatever the language and however far pseudonyms reach."""

from __future__ import annotations

import json
from datetime import date

import openpyxl
import pytest

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from fraud.cases import export_cases
from fraud.cases.life.feedback import import_feedback
from fraud.cases.sheet_words import word_of
from fraud.cases.summary_columns import column_named
from fraud.settings import CaseSettings, Settings
from tests.support.workbooks import filled

TODAY = date(2026, 8, 1)


@pytest.mark.parametrize("lang", [pytest.param("en", marks=pytest.mark.slow), "zh"])
def test_a_pack_of_its_own_pseudonyms_comes_back_as_workbook_and_as_json(own_copy, tmp_path, lang) -> None:
    settings = Settings(cases=CaseSettings(top=12, pseudonyms="pack"))
    # Of two packs with pseudonyms of their own, the one that is not the latest.
    one, _ = (
        export_cases(own_copy, "2026-03", settings=settings, formats=("xlsx", "json"), out=tmp_path / name, lang=lang)
        for name in ("one", "other")
    )
    cases = {case["case_id"]: case for case in json.loads((one / "cases.json").read_text(encoding="utf-8"))}
    sheet = openpyxl.load_workbook(one / "cases.xlsx").worksheets[0]
    column = [column_named(cell.value) for cell in sheet[1]].index("case_id")
    rows = range(2, sheet.max_row + 1)
    of_persons = [row for row in rows if cases[sheet.cell(row, column + 1).value]["subject_type"] == "patient"]
    decided = {"decision": word_of("decision", "unfounded", lang), "decided_date": "2026/7/4", "note": "explained"}
    book = filled((one / "cases.xlsx").read_bytes(), row=of_persons[0], **decided)
    (tmp_path / "back.xlsx").write_bytes(book)
    case = cases[sheet.cell(of_persons[1], column + 1).value]
    entry = {name: case[name] for name in ("case_id", "pack_id", "subject_type")} | {
        "subject_id": case["shown_id"],
        "finding_id": case["findings"][0]["finding_id"] if case["findings"] else None,
        "decision": "confirmed_abuse",
        "decided_date": "2026-07-04",
    }
    (tmp_path / "back.json").write_text(json.dumps([entry]))
    with own_copy.writer():
        for name in ("back.xlsx", "back.json"):
            report = import_feedback(own_copy, tmp_path / name, settings=settings, today=TODAY)
            assert (report.n_stored, report.reasons) == (1, ())
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(own_copy.store).attach(engine)
        (n_known,) = engine.rows(
            "select count(*) from labels join codes_person on subject_id = person_id where decided_date = '2026-07-04'"
        )[0]
    assert n_known == 2
