"""Where each box went: read from a store by story, and as workbook, page and JSON show it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from dataclasses import replace
from typing import TYPE_CHECKING

import openpyxl
import pandas as pd
import pytest

from features.claims import TABLES
from features.engine import DuckDBEngine
from features.vocabulary.text import LANGUAGES
from fraud.cases.box_trails import MOST_STEPS, BoxStep, BoxTrail, BoxTrails, box_trails, read_trails
from fraud.cases.pack.box_words import ACCOUNTS, EVENTS, EXPLANATIONS
from fraud.cases.pack.for_programs import write_cases_json
from fraud.cases.pack.page import render_page
from fraud.cases.pack.workbook import write_workbook
from tests.rules.ledger.stories import tell
from tests.support.claims import make_store
from tests.support.packs import make_case, make_pack

if TYPE_CHECKING:
    from pathlib import Path

STORIES = {
    "away": ["1 09:00 inbound P1", "2 10:00 sale P1 A", "69 09:00 inbound P2", "70 10:00 sale P2 B"],
    "often": [f"{day} 10:00 sale P3 A" for day in range(1, 60)],
    "once": ["3 10:00 sale P2 C"],
}
LINES = [
    ("provider", "P2", "away/3"),
    ("patient", "A", "away/1"),
    ("provider", "P3", "often/58"),
    ("provider", "P2", "once/0"),
]
HOSTILE = "<script>alert(1)</script>"


def found(lines=LINES, scheme="T02"):
    ids = [f"F{number}" for number in range(len(lines))]
    subjects = {"subject_type": [line[0] for line in lines], "subject_id": [line[1] for line in lines]}
    findings = pd.DataFrame({"finding_id": ids, "scheme_code": scheme, "source": "rule"} | subjects)
    named = {"finding_id": ids, "settlement_id": [line[2] for line in lines], "line_number": 1, "role": "violating"}
    return {"findings": findings, "finding_lines": pd.DataFrame(named)}


@pytest.fixture(scope="module")
def engine(tmp_path_factory):
    store = make_store(tmp_path_factory.mktemp("boxes"), tell(STORIES).tables())
    with DuckDBEngine(threads=1) as engine:
        store.attach(engine)
        yield engine


@pytest.fixture(scope="module")
def trails(engine) -> dict:
    steps = read_trails(engine, {"provider": ["P2", "P3"], "patient": ["A"]}, found())
    return {key: box_trails(own, lambda kind, identifier: f"{kind}/{identifier}") for key, own in steps.items()}


def test_a_box_is_followed_through_all_who_scanned_it(trails) -> None:
    (box,) = trails["provider", "P2"].boxes
    said = [
        (step.time, step.event, step.came_from, step.went_to, step.explanation, step.gap_days) for step in box.steps
    ]
    assert said == [
        ("2026-01-01 09:00", "inbound", "upstream", "stock", "", None),
        ("2026-01-02 10:00", "sale", "stock", "outside", "sold", None),
        ("2026-03-10 09:00", "inbound", "upstream", "stock", "", None),
        ("2026-03-11 10:00", "sale", "unknown", "outside", "resold", 68),
    ]
    assert [step.person for step in box.steps] == ["", "patient/A", "", "patient/B"]
    assert [step.settlement_id for step in box.steps] == ["", "away/1", "", "away/3"]


def test_the_buyer_and_the_second_seller_see_one_trail(trails) -> None:
    assert trails["patient", "A"] == trails["provider", "P2"]


def test_of_a_code_that_never_ends_the_last_scans_are_shown(trails) -> None:
    (box,) = trails["provider", "P3"].boxes
    assert (len(box.steps), box.n_left_out) == (MOST_STEPS, len(STORIES["often"]) - MOST_STEPS)
    assert box.steps[-1].settlement_id == "often/58"


def test_findings_of_other_schemes_make_no_ledger(engine) -> None:
    assert read_trails(engine, {"provider": ["P2"]}, found(scheme="H08")) == {}


def hostile_case():
    first = BoxStep("2026-01-02 10:00", "sale", "sold", "stock", "outside", HOSTILE, HOSTILE, "Xp1", "=1+1", None)
    again = BoxStep("2026-03-11 10:00", "sale", "resold", "unknown", "outside", "P2", "", "Xp2", "S2", 68)
    return make_case(trails=BoxTrails((BoxTrail(f"=cmd|{HOSTILE}", "I1", (first, again), 3),), 2))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_page_shows_the_trail_and_runs_nothing_of_it(lang) -> None:
    page = render_page(make_pack(hostile_case(), lang=lang))
    assert HOSTILE not in page
    assert "=cmd|&lt;script&gt;" in page
    assert page.count('<tr class="again">') == 1
    assert EXPLANATIONS["resold"].of(lang) in page
    assert f"{ACCOUNTS['stock'].of(lang).replace('{provider}', '')}".strip() in page


def test_the_workbook_has_a_sheet_of_scans_without_formulas(tmp_path: Path) -> None:
    rows = write_workbook(make_pack(hostile_case()), tmp_path / "cases.xlsx")
    assert rows["rows_boxes"] == 2
    sheet = openpyxl.load_workbook(tmp_path / "cases.xlsx")["Where each box went"]
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [sheet.cell(3, column).value for column in (1, 2, 4)] == [
        "C-000000000001", f"=cmd|{HOSTILE}", "2026-03-11 10:00",
    ]  # fmt: skip


def test_a_pack_without_boxes_has_no_such_sheet_or_section(tmp_path: Path) -> None:
    assert "rows_boxes" not in write_workbook(make_pack(), tmp_path / "cases.xlsx")
    assert "Where each box went" not in render_page(make_pack())


def test_programs_read_the_trail(tmp_path: Path) -> None:
    write_cases_json([hostile_case()], "P-0", tmp_path)
    (record,) = json.loads((tmp_path / "cases.json").read_text(encoding="utf-8"))
    assert [step["gap_days"] for step in record["trails"]["boxes"][0]["steps"]] == [None, 68]


def test_every_event_and_explanation_has_words() -> None:
    assert set(EVENTS) == set(TABLES["trace_events"].by_name["event_type"].values)


CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_trail_fits_a_screen_of_1200_pixels(tmp_path: Path, lang: str) -> None:
    steps = [
        replace(
            step,
            provider_id="H4299000188",
            provider_name="Long Name of the Second People's Hospital",
            person="X574d0b2bddd66f9d",
            settlement_id="S2026031100000000001234",
            came_from="stock",
        )
        for step in hostile_case().trails.boxes[0].steps
    ]
    case = hostile_case()
    box = replace(case.trails.boxes[0], steps=tuple(steps))
    probe = """<script>const own = document.querySelector("table.trail").parentElement;
    document.body.dataset.probe = `${own.scrollWidth <= own.clientWidth}`;</script>"""
    page = render_page(make_pack(replace(case, trails=replace(case.trails, boxes=(box,))), lang=lang))
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", probe + "</body>"), encoding="utf-8")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
    arguments += [f"--user-data-dir={tmp_path / 'profile'}", "--window-size=1200,900", "--dump-dom"]
    done = subprocess.run(
        [str(CHROMIUM), *arguments, file.as_uri()],
        check=True, capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert 'data-probe="true"' in done.stdout
