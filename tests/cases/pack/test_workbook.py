"""The workbook: five sheets, totals equal, nothing runs, and what is filled in comes back."""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from features.vocabulary.text import Text
from fraud.cases.case import PeerView
from fraud.cases.life.feedback import import_feedback
from fraud.cases.life.returned import read_returned
from fraud.cases.pack.sheets import summary
from fraud.cases.pack.workbook import write_workbook
from fraud.cases.sheet_words import DECISIONS
from fraud.cases.summary_columns import SUMMARY_COLUMNS, SummaryColumn, column_named
from fraud.labels import labels_as_of
from fraud.pseudonyms import CASES, Pseudonyms
from fraud.settings import Settings
from fraud.workspace import Workspace
from tests.support.claims import make_store
from tests.support.packs import issue, make_case, make_line, make_pack

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = ("=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "http://x.invalid/", '=HYPERLINK("x")', "<b>&\x07")
NAMES = {
    "en": ["Case summary", "Evidence lines", "Patients", "Calculation", "Sampling"],
    "zh": ["案件汇总", "证据明细", "患者清单", "计算过程", "抽样方案"],
}


def _rows(path: Path, sheet: int) -> list[dict[str, object]]:
    rows = list(openpyxl.load_workbook(path).worksheets[sheet].iter_rows(values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_five_sheets_with_frozen_headings_and_filters(tmp_path: Path, lang: str) -> None:
    write_workbook(make_pack(lang=lang), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == NAMES[lang]
    assert all(sheet.freeze_panes and sheet.auto_filter.ref for sheet in book)
    headings = [cell.value for cell in book.worksheets[0][1]]
    assert headings == [column.label.of(lang) for column in SUMMARY_COLUMNS]


def test_one_entry_adds_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mode = SummaryColumn("score_mode", Text("Mode", "评分方式"), "text", 12, lambda row: row.case.score_mode)
    monkeypatch.setattr(summary, "SUMMARY_COLUMNS", (*SUMMARY_COLUMNS, mode))
    write_workbook(make_pack(make_case(score_mode="labelled")), tmp_path / "a.xlsx")
    assert [row["Mode"] for row in _rows(tmp_path / "a.xlsx", 0)] == ["labelled"]


def test_columns_without_a_value_wait_for_the_investigator(tmp_path: Path) -> None:
    assert all(column.is_answer for column in SUMMARY_COLUMNS if column.value is None)
    write_workbook(make_pack(), tmp_path / "a.xlsx")
    row = _rows(tmp_path / "a.xlsx", 0)[0]
    assert [row[column.label.en] for column in SUMMARY_COLUMNS if column.value is None] == [None] * 7


def test_totals_equal_those_of_the_cases_and_each_line_counts_once(tmp_path: Path) -> None:
    totals = write_workbook(make_pack(make_case(), make_case(case_id="C-2")), tmp_path / "a.xlsx")
    summary, evidence, patients = (_rows(tmp_path / "a.xlsx", n) for n in range(3))
    for name, heading in (
        ("exposure_gross_amount", "Billed"), ("exposure_amount", "In scope"), ("fund_exposure_amount", "Fund share"),
    ):  # fmt: skip
        assert sum(Decimal(str(row[heading])) for row in summary) * 100 == totals[name]
    assert totals["exposure_amount"] == 2 * 801
    # listed, each line once: 3.01 of Xp1 and 5.00 of Xp2, in both cases
    assert [row["Exposure"] for row in patients] == [5.0, 3.01, 5.0, 3.01]
    assert totals["listed_exposure_amount"] == 2 * 801
    assert (totals["rows_summary"], totals["rows_evidence"], totals["rows_patients"]) == (2, len(evidence), 4)
    # 1 250 000 millionths and 25 000 ten-thousandths
    assert (evidence[0]["Unit price"], evidence[0]["Quantity"], evidence[0]["Amount"]) == (1.25, 2.5, 10.01)


def test_the_calculation_shows_every_factor_and_adds_up(tmp_path: Path) -> None:
    write_workbook(make_pack(), tmp_path / "a.xlsx")
    steps = [(row["Part"], row["Item"], row["Value"]) for row in _rows(tmp_path / "a.xlsx", 3)]
    factors = [value for part, _, value in steps if part == "Priority"]
    # 10 000.00 x 0.9 x 0.5 x 0.8 - 300.00 = 3 300.00
    assert factors == [10000, 0.9, 0.5, 0.8, 300, 3300]
    assert factors[0] * factors[1] * factors[2] * factors[3] - factors[4] == pytest.approx(factors[5])
    # 3.01 + 7.00 = 10.01 by finding; S1/1 is in both, its smaller 2.00 goes: 8.01
    assert [value for part, _, value in steps if part == "Exposure"] == [3.01, 7, 10.01, -2, 8.01]


def test_the_calculation_says_where_the_subject_stands_and_why_that_is_looked_at(tmp_path: Path) -> None:
    label, why = Text("Share of round amounts", "整数金额占比"), Text("Agreed sums are round.", "约定金额多为整数。")
    view = PeerView("round_amount_share", label, why, "share", 0.42, 0.1, 0.2, 97.5, 20, (0.1, 0.2), 1.25)
    said = {}
    for lang in ("en", "zh"):
        write_workbook(make_pack(make_case(peers=(view,)), lang=lang), tmp_path / f"{lang}.xlsx")
        said[lang] = list(_rows(tmp_path / f"{lang}.xlsx", 3)[-1].values())
    told = (
        "42.0 %; median 10.0 %, 90th percentile 20.0 % of 20 comparable; adds 1.25 to the score. Agreed sums are round."
    )
    assert said["en"][1:] == ["Against peers", "Share of round amounts", 0.42, told]
    told = "42.0%；20个同类的中位数10.0%，第90百分位20.0%；评分增加1.25。约定金额多为整数。"
    assert said["zh"][1:] == ["与同类比较", "整数金额占比", 0.42, told]


def test_the_sampling_sheet_keeps_all_digits_of_the_seed(tmp_path: Path) -> None:
    write_workbook(make_pack(), tmp_path / "a.xlsx")
    rows = {row["Item"]: row["Value"] for row in _rows(tmp_path / "a.xlsx", 4)}
    assert rows["Seed"] == "13055416215921671603"
    assert "Another rule R-B" in rows


def test_no_text_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    lines = pd.DataFrame([make_line(item_name=text, person=text, line_number=n) for n, text in enumerate(HOSTILE)])
    reasons = tuple(Text(text, text) for text in HOSTILE)
    cases = [
        make_case(case_id=f"C-{n}", subject_name=text, lines=lines, reasons=reasons) for n, text in enumerate(HOSTILE)
    ]
    write_workbook(make_pack(*cases), tmp_path / "a.xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as archive:
        sheets = [archive.read(name).decode() for name in archive.namelist() if "worksheets/sheet" in name]
    assert not [sheet for sheet in sheets if re.search(r"<f[ >]|<hyperlink", sheet)]
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row} <= {"s", "n", "d"}
    names = [row["Name"] for row in _rows(tmp_path / "a.xlsx", 0)]
    assert names[:5] == list(HOSTILE[:5])
    cell = book.worksheets[0].cell(2, [c.name for c in SUMMARY_COLUMNS].index("subject_name") + 1)
    assert cell.quotePrefix


def test_a_text_longer_than_a_cell_is_cut_not_lost(tmp_path: Path) -> None:
    write_workbook(make_pack(make_case(subject_name="长" * 40_000)), tmp_path / "a.xlsx")
    assert len(_rows(tmp_path / "a.xlsx", 0)[0]["Name"]) == 32_767


def test_equal_packs_give_equal_bytes(tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_workbook(make_pack(), tmp_path / f"{name}.xlsx")
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert openpyxl.load_workbook(tmp_path / "a.xlsx").properties.created == datetime(2000, 1, 1)  # noqa: DTZ001


def test_a_pack_without_cases_or_lines_is_still_a_workbook(tmp_path: Path) -> None:
    empty = replace(make_pack(), cases=())
    assert write_workbook(empty, tmp_path / "a.xlsx")["rows_summary"] == 0
    bare = make_case(lines=make_case().lines.iloc[:0], findings=(), first_date="", last_date="")
    totals = write_workbook(make_pack(bare), tmp_path / "b.xlsx")
    assert (totals["rows_evidence"], totals["rows_patients"]) == (0, 0)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_filled_workbook_comes_back_as_labels(tmp_path: Path, lang: str) -> None:
    make_store(tmp_path / "w", {"settlements": [{"settlement_id": "S1"}]})
    workspace = Workspace(tmp_path / "w")
    person = Pseudonyms(workspace).of("P1", CASES)
    patient = make_case(
        case_id="C-2", subject_type="patient", subject_id="P1", shown_id=person,
        selection_reason="random_audit", selection_probability=0.0625,
    )  # fmt: skip
    write_workbook(issue(workspace, make_case(), patient, lang=lang), tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    sheet = book.worksheets[0]
    place = {column_named(cell.value): cell.column for cell in sheet[1]}
    sheet.cell(3, place["decision"]).value = DECISIONS["confirmed_abuse"].of(lang)
    sheet.cell(3, place["decided_date"]).value = datetime(2026, 7, 9)  # noqa: DTZ001 - as a cell holds it
    sheet.cell(3, place["confirmed_amount"]).value = 1234.56
    book.save(tmp_path / "back.xlsx")
    with workspace.writer():
        report = import_feedback(workspace, tmp_path / "back.xlsx", settings=Settings())
    assert (report.n_read, report.n_stored, report.n_open, report.unknown_columns) == (2, 1, 1, ())
    row = read_returned(tmp_path / "back.xlsx").rows[1].cells
    assert (row["case_id"], row["selection_reason"], row["decision"]) == ("C-2", "random_audit", "confirmed_abuse")
    from features.claims import ClaimsStore

    label = labels_as_of(ClaimsStore.open(workspace.store), "patient", datetime(2026, 7, 9).date()).loc["P1"]  # noqa: DTZ001
    assert (label["confirmed_amount"], label["selection_probability"]) == (123456, 0.0625)
