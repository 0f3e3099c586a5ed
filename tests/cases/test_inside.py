"""A provider from inside: departments and practitioners against each other, by hand, and in workbook, page and JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from features.engine import DuckDBEngine
from fraud.cases.inside import inside_units, read_inside
from fraud.cases.pack.for_programs import write_cases_json
from fraud.cases.pack.page import render_page
from fraud.cases.pack.workbook import write_workbook
from tests.support.claims import make_store
from tests.support.packs import make_case, make_pack

if TYPE_CHECKING:
    from pathlib import Path

# Bill, person, its department, the fund's part, and its lines: a department of their own and an amount.
BILLS = [
    ("S1", "P1", "A", "80.00", [(None, "60.00"), ("B", "40.00")]),  # the fund paid 80 of 100: 48 in A, 32 in B
    ("S2", "P1", "A", "100.00", [(None, "200.00")]),
    ("S3", "P2", "B", "20.00", [(None, "20.00")]),
    ("S4", "P3", "C", "10.00", [(None, "90.00")]),
    ("S5", "P3", None, "5.00", [(None, "5.00")]),  # of no department
    ("S6", "P4", "C", "30.00", [(None, "30.00")]),  # taken back in full
]
NAMED = pd.DataFrame(
    [("F1", "S2", 1, 15_000), ("F2", "S2", 1, 12_000), ("F1", "S3", 1, 500), ("F3", "X9", 1, 7)],
    columns=["finding_id", "settlement_id", "line_number", "exposure_amount"],
)


@pytest.fixture(scope="module")
def units(tmp_path_factory) -> tuple:
    settlements = [
        {"settlement_id": bill, "person_id": person, "department_code": department, "fund_paid_amount": fund,
         "attending_practitioner_id": f"D{person}", "is_reversal": "false"}
        for bill, person, department, fund, _ in BILLS
    ]  # fmt: skip
    taken_back = {"settlement_id": "R6", "is_reversal": "true", "original_settlement_id": "S6"}
    settlements.append(settlements[-1] | taken_back | {"fund_paid_amount": "-30.00"})
    lines = [
        {"settlement_id": bill, "line_number": number, "department_code": department, "amount": amount}
        for bill, _, _, _, own in BILLS
        for number, (department, amount) in enumerate(own, start=1)
    ]
    lines.append({"settlement_id": "R6", "line_number": 1, "amount": "-30.00", "quantity": "-1"})
    store = make_store(tmp_path_factory.mktemp("inside"), {"settlements": settlements, "claim_lines": lines})
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        found = read_inside(engine, ["H1", "H9"], NAMED)
    assert list(found) == ["H1"]
    return inside_units(found["H1"], lambda kind, identifier: f"{kind}/{identifier}")


def test_departments_are_compared_by_hand(units) -> None:
    departments = {unit.shown_id: unit for unit in units if unit.kind == "department"}
    assert list(departments) == ["A", "B", "C"]  # by exposure, then by amount
    a, b, c = departments.values()
    assert (a.n_patients, a.n_settlements, a.n_lines, a.amount, a.fund_paid_amount) == (1, 2, 2, 26_000, 14_800)
    assert (b.n_patients, b.n_settlements, b.n_lines, b.amount, b.fund_paid_amount) == (2, 2, 2, 6_000, 5_200)
    assert (c.n_patients, c.n_settlements, c.n_lines, c.amount, c.fund_paid_amount) == (1, 1, 1, 9_000, 1_000)
    # Per bill 130, 30 and 90: A against the median of 30 and 90. Per patient 260, 30 and 90.
    assert (a.amount_per_settlement, a.settlement_ratio) == (13_000, pytest.approx(130 / 60))
    assert (a.amount_per_patient, a.patient_ratio) == (26_000, pytest.approx(260 / 60))
    # A line that two findings name counts once, with the larger amount.
    assert [(unit.n_named_lines, unit.named_share, unit.exposure_amount) for unit in (a, b, c)] == [
        (1, 0.5, 15_000), (1, 0.5, 500), (0, 0.0, 0),
    ]  # fmt: skip
    assert [unit.others_named_share for unit in (a, b, c)] == [0.25, 0.25, 0.5]


def test_practitioners_are_compared_under_what_the_pack_may_show(units) -> None:
    shown = [unit.shown_id for unit in units if unit.kind == "practitioner"]
    assert shown == ["practitioner/DP1", "practitioner/DP2", "practitioner/DP3"]


def test_fewer_than_three_are_no_comparison(units) -> None:
    frame = pd.DataFrame({"kind": ["department"] * 2, "unit": ["A", "B"]})
    assert inside_units(frame, lambda _, identifier: identifier) == ()
    assert inside_units(None, lambda _, identifier: identifier) == ()
    assert units


@pytest.mark.parametrize(
    ("lang", "sheet", "words"),
    [
        ("en", "Inside the provider", ("Department", "Times the others&#39; median")),
        ("zh", "机构内部比较", ("科室", "为其他单元中位数的倍数")),
    ],
)
def test_workbook_page_and_json_show_them(units, tmp_path: Path, lang, sheet, words) -> None:
    pack = make_pack(make_case(inside=units), make_case(case_id="C-2"), lang=lang)
    told = write_workbook(pack, tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    rows = list(book[sheet].iter_rows(min_row=2, values_only=True))
    assert told["rows_inside"] == len(rows) == len(units) == 6
    assert rows[0][:7] == ("C-000000000001", words[0], "A", 1, 2, 2, 260)
    page = render_page(pack)
    assert page.count('class="plain inside"') == 2
    assert all(word in page for word in words)
    write_cases_json(pack.cases, "P-1", tmp_path)
    first, second = json.loads((tmp_path / "cases.json").read_text())
    assert (first["inside"][0]["shown_id"], first["inside"][0]["amount"], second["inside"]) == ("A", 26_000, [])


def test_a_pack_with_nothing_to_compare_has_no_such_sheet(tmp_path: Path) -> None:
    told = write_workbook(make_pack(), tmp_path / "a.xlsx")
    assert "rows_inside" not in told
    assert len(openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames) == 5
    assert "Inside the provider" not in render_page(make_pack())
