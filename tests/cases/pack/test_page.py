"""The case page: escaped, bilingual, readable without scripts, and alive in a real browser."""

from __future__ import annotations

import dataclasses
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from markupsafe import escape

from features.vocabulary.text import Text
from fraud.cases.build import build_pack
from fraud.cases.case import Priority
from fraud.cases.pack.page import render_page
from fraud.cases.pack.page_words import WORDS
from fraud.settings import CaseSettings, Settings
from tests.support.packs import make_case, make_pack

SETTINGS = Settings(cases=CaseSettings(top=12))
HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module", params=["en", "zh"])
def pack(request, scored_city):
    return build_pack(scored_city[0], "2026-03", settings=SETTINGS, lang=request.param)


@pytest.fixture(scope="module")
def page(pack) -> str:
    return render_page(pack, max_lines=5)


def test_every_case_is_in_the_queue_and_has_its_page(pack, page: str) -> None:
    for case in pack.cases:
        assert f'href="#{case.case_id}"' in page
        assert f'<article id="{case.case_id}"' in page
        for reason in case.reasons:
            assert reason.of(pack.lang)[:12].split("'")[0].split("“")[0] in page


def test_each_comparison_says_why_it_is_looked_at(pack, page: str) -> None:
    views = [view for case in pack.cases for view in case.peers if view.why is not None]
    assert views
    assert page.count('<p class="why">') == len(views)
    assert all(str(escape(view.why.of(pack.lang))) in page for view in views)


def test_the_page_needs_no_network(page: str) -> None:
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert "@import" not in page
    assert "default-src 'none'" in page


def test_the_other_language_is_not_on_the_page(pack, page: str) -> None:
    words = [text for name, text in WORDS.items() if name not in {"case", "risk"} and len(text.en) > 12]
    other = [text.zh if pack.lang == "en" else text.en for text in words]
    assert not [text for text in other if text in page]


def test_what_comes_with_the_claims_cannot_become_markup(pack) -> None:
    case = pack.cases[0]
    lines = case.lines.assign(item_name=HOSTILE, provider_name=HOSTILE)
    hostile = dataclasses.replace(case, subject_name=HOSTILE, region=HOSTILE, shown_id=HOSTILE, lines=lines)
    text = render_page(dataclasses.replace(pack, cases=(hostile,)))
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "&lt;script&gt;alert(1)" in text


def test_lines_are_bounded_and_the_page_says_how_many_more(pack, page: str) -> None:
    more = [case for case in pack.cases if case.n_lines > 5]
    assert more
    assert WORDS["more_lines"].of(pack.lang) in page


def test_a_ring_is_drawn_with_its_members(pack, page: str) -> None:
    rings = {ring.ring_id for case in pack.cases for ring in case.rings}
    assert page.count('<svg class="ring"') == sum(len(case.rings) for case in pack.cases)
    assert all(ring in page for ring in rings)


def test_equal_packs_give_equal_pages(pack, page: str) -> None:
    assert render_page(pack, max_lines=5) == page


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_page_works_in_a_browser(pack, page: str, tmp_path: Path) -> None:
    """Search, sort and the decisions file, driven by a script put at the end of the page."""
    probe = """
    <script>
    addEventListener("error", (event) => { document.title = "error: " + event.message; });
    const input = document.getElementById("search");
    input.value = document.querySelector("#cases tbody a").textContent;
    input.dispatchEvent(new Event("input"));
    const left = [...document.querySelectorAll("#cases tbody tr")].filter((row) => !row.hidden).length;
    input.value = ""; input.dispatchEvent(new Event("input"));
    document.querySelectorAll("#cases th button")[5].click();
    const ranks = [...document.querySelectorAll("#cases tbody tr")].map((row) => Number(row.cells[5].textContent));
    const sorted = ranks.every((rank, i) => !i || ranks[i - 1] <= rank);
    const form = document.querySelector("form.decision");
    form.elements.decision.value = "unfounded";
    let saved = "";
    URL.createObjectURL = (blob) => { blob.text().then((text) => {
      const n = text.trim().split("\\r\\n").length;
      document.body.dataset.probe = `${left}|${sorted}|${n}|${text.includes("unfounded")}`;
    }); return "#"; };
    document.getElementById("download").click();
    </script>"""
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", probe + "</body>"), encoding="utf-8")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    arguments += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    arguments += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=4000", "--dump-dom"]
    done = subprocess.run(
        [CHROMIUM, *arguments, file.as_uri()],
        check=True, capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert 'data-ready="yes"' in done.stdout
    assert "error:" not in done.stdout[:2000]
    assert 'data-probe="1|true|2|true"' in done.stdout  # one row left, sorted by rank, a header and one decision


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_closed_sections_are_opened_for_paper(page: str, tmp_path: Path) -> None:
    """Print must not leave out the evidence of the cases further down: their sections start closed."""
    probe = """<script>
    const closed = () => document.querySelectorAll("details:not([open])").length;
    const before = closed(); dispatchEvent(new Event("beforeprint"));
    document.body.dataset.probe = `${before > 0}|${closed()}`;
    </script>"""
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", probe + "</body>"), encoding="utf-8")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    arguments += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=4000", "--dump-dom"]
    done = subprocess.run(
        [CHROMIUM, *arguments, file.as_uri()],
        check=True, capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert 'data-probe="true|0"' in done.stdout  # some were closed, none is at print


@pytest.mark.parametrize(
    ("recovery", "priority", "told"),
    [
        (802, 5, ["recovery_beyond"]),
        (801, 0, []),
        (0, -80_000, ["below_cost"]),
    ],
)
def test_money_that_looks_wrong_is_explained(recovery: int, priority: int, told: list[str]) -> None:
    case = make_case(exposure_amount=801, priority=Priority(recovery, 0.9, 0.5, 0.8, 80_000, priority))
    page = render_page(make_pack(case, lang="zh"))
    assert [name for name in ("recovery_beyond", "below_cost") if WORDS[name].zh in page] == told


@pytest.mark.parametrize(("lang", "told"), [("en", "+7 of its ring"), ("zh", "+7 个同团组成员")])
def test_a_case_of_a_ring_says_whom_it_stands_for(lang: str, told: str) -> None:
    note = Text("Case of ring R-1.", "团组R-1合并立案。")
    page = render_page(make_pack(make_case(n_folded=7, place_notes=(note,)), make_case(case_id="C-2"), lang=lang))
    assert page.count(told) == 1
    assert page.count(f'<p class="hint">{note.of(lang)}</p>') == 1
