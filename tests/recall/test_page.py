"""The recall page: offline, escaped, bilingual, equal bytes, and readable in a real browser."""

from __future__ import annotations

import dataclasses
import math
import os
import re
import shutil
import subprocess

import pytest

from experiments.recall import measure_recall, read_truth
from experiments.recall.page import render_page, write
from experiments.recall.plots import Bar, Point, bars, scatter, stacked, strips
from experiments.recall.pool import pool
from experiments.recall.scored import Budget
from experiments.recall.words import WORDS
from experiments.recall.write import recall_metrics

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")


@pytest.fixture(scope="module")
def truth(scored_city):
    return read_truth(scored_city[0].root.parent / "source-truth")


@pytest.fixture(scope="module")
def recall(scored_city, truth):
    return measure_recall(scored_city[0], "2026-03", truth, budget=Budget(0.1, 40), alias="none", n_draws=20)


@pytest.fixture(scope="module", params=["en", "zh"])
def lang(request):
    return request.param


def test_the_city_is_measured(recall, truth) -> None:
    assert recall.scored == ("2026-02", "2026-03")
    assert recall.window == ("2026-01", "2026-02", "2026-03")
    began = truth.providers[truth.providers["first_month"] <= "2026-03"]
    whole = recall.lists.set_index("entity")
    assert whole.loc["provider", "n_guilty"] == began["provider_id"].nunique()
    assert set(recall.schemes["scheme_code"]) == set(began["scheme_code"])
    # Every guilty line lies in the window, so that the money is that of the truth.
    assert whole.loc["provider", "planted_amount"] == truth.lines["exposure_amount"].sum()


def test_every_section_is_there_and_needs_no_network(recall, lang) -> None:
    page = render_page(recall, lang=lang)
    for name in ("lists", "places", "schemes", "flagged", "delays", "twins", "rings", "lines", "power", "rankings"):
        assert f'<section id="{name}"' in page
        assert WORDS[name].of(lang) in page
    assert not re.search(r"""(src|href)=["'](https?:)?//""", page)
    assert "default-src 'none'" in page
    assert "<script" not in page


def test_the_other_language_is_not_on_the_page(recall, lang) -> None:
    page = render_page(recall, lang=lang)
    long_words = [text for text in WORDS.values() if len(text.en) > 14]
    assert not [text for text in long_words if (text.zh if lang == "en" else text.en) in page]


def test_no_subject_is_named(recall, truth, lang) -> None:
    text = render_page(recall, lang=lang) + recall.as_json()
    subjects = {*truth.providers["provider_id"], *truth.patients["person_id"], *truth.practitioners["practitioner_id"]}
    subjects |= {*truth.twins["subject_id"], *truth.rings["member_id"], *truth.lines["settlement_id"]}
    words = set(re.findall(r"[A-Za-z0-9]+", text))
    assert subjects
    assert not subjects & words


def test_what_comes_with_the_truth_cannot_become_markup(recall) -> None:
    hostile = dataclasses.replace(
        recall,
        schemes=recall.schemes.assign(scheme_code=HOSTILE),
        rings=recall.rings.assign(ring_id=HOSTILE),
        twins=recall.twins.assign(twin_of=HOSTILE),
        delays=recall.delays.assign(scheme_code=HOSTILE),
        rates=recall.rates.assign(scheme_code=HOSTILE),
        city={"seed": HOSTILE},
    )
    page = render_page(hostile)
    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+", name) for name in recall_metrics(hostile))


def test_equal_months_give_equal_bytes(scored_city, truth, recall) -> None:
    again = measure_recall(scored_city[0], "2026-03", truth, budget=Budget(0.1, 40), alias="none", n_draws=20)
    assert again.as_json() == recall.as_json()
    assert render_page(again) == render_page(recall)


def test_one_city_pooled_with_itself_keeps_its_shares(recall) -> None:
    both = pool([recall, recall], n_draws=20)
    assert both.n_cities == 2
    one, two = (found.schemes.set_index(["entity", "scheme_code", "size"]) for found in (recall, both))
    assert (two["n_guilty"] == 2 * one["n_guilty"]).all()
    assert (two["planted_amount"] == 2 * one["planted_amount"]).all()
    assert two["recall"].tolist() == one["recall"].tolist()
    assert (two["recall_high"] - two["recall_low"] < one["recall_high"] - one["recall_low"]).all()
    lists = both.lists.set_index("entity").loc["provider"]
    assert math.isnan(lists["precision_low"])  # one seed says nothing about others
    other = dataclasses.replace(recall, city={**recall.city, "seed": 8})
    two_seeds = pool([recall, other], n_draws=20).lists.set_index("entity").loc["provider"]
    assert two_seeds["precision_low"] == two_seeds["precision"] == two_seeds["precision_high"]  # equal cities
    assert both.ring_summary["n_planted"] == 2 * recall.ring_summary["n_planted"]
    assert both.ring_summary["ring_f1"] == recall.ring_summary["ring_f1"]
    assert len(both.rates) == 2 * len(recall.rates)
    risk = both.rankings["provider"]["risk"]["average_precision"].value
    assert risk == pytest.approx(recall.rankings["provider"]["risk"]["average_precision"].value)
    render_page(both)


def test_sizes_of_different_cities_are_added_up_over_all_sizes(recall) -> None:
    own = recall.schemes[recall.schemes["scheme_code"] == "R01"]
    small, large = (dataclasses.replace(recall, schemes=own.assign(size=size)) for size in ("small", "large"))
    pooled = pool([large, small], n_draws=20).schemes
    providers = pooled[pooled["entity"] == "provider"].set_index("size")
    assert list(providers.index) == ["small", "large", "all"]
    assert providers.loc["all", "n_guilty"] == providers.loc[["small", "large"], "n_guilty"].sum()
    # A city with both sizes has a row over both already, which is not added twice.
    both = dataclasses.replace(recall, schemes=pooled)
    again = pool([both, small], n_draws=20).schemes.set_index(["entity", "size"])["n_guilty"]
    assert again["provider", "all"] == again["provider", "small"] + again["provider", "large"]


def test_numbers_are_written_as_what_they_are() -> None:
    assert write(1234567, "planted_amount") == "12,345.67"
    assert write(0.123, "found_amount_share") == "12.3 %"
    assert (write(2.5, "median_rank"), write(3.0, "median_rank"), write(None, "recall")) == ("2.5", "3", "–")


def test_plots_put_numbers_where_they_belong() -> None:
    # The scale is 420 wide from 190 on.
    svg = bars([Bar("a", "1 / 2", 0.5, mark=1.0, low=0.25, high=0.75)], "name")
    assert '<rect class="bar" x="190" y="9" width="210.0"' in svg
    assert "M610.0 6v18" in svg
    assert "M295.0 15H505.0" in svg
    assert 'class="bar"' not in bars([Bar("a", "0 / 0", None)], "name")
    parts = stacked([("a", [1, 0, 0, 0, 3], "")], "name")
    assert 'width="105.0"' in parts
    assert 'width="315.0"' in parts
    dots = scatter([Point(10, 0.5, True), Point(100, 0.0, False)], "name", "x", 0.5)
    assert '<circle class="found" cx="190.0" cy="105.0"' in dots
    assert '<circle class="missed" cx="610.0" cy="200.0"' in dots
    rates = [Point(0.1, 0, True), Point(0.01, 0, False), Point(1.0, 0, False)]
    assert '<circle class="found" cx="400.0"' in strips([("a", rates, "")], "name", "x")


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_the_page_opens_in_a_browser(recall, lang, tmp_path) -> None:
    file = tmp_path / "page.html"
    file.write_text(render_page(recall, lang=lang), encoding="utf-8")
    arguments = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    arguments += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    arguments += [f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom"]
    done = subprocess.run(
        [CHROMIUM, *arguments, file.as_uri()],
        check=True, capture_output=True, text=True, timeout=120, env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert done.stdout.count("<section id=") == 10
    assert done.stdout.count('<svg class="plot"') == 12
    assert WORDS["title"].of(lang) in done.stdout
