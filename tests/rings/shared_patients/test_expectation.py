"""Expected sharing and evidence, by hand."""

from __future__ import annotations

import math
import re
from importlib.resources import files

import pytest
from scipy.stats import poisson

from fraud.rings.shared_patients.block_score import _log_choices
from fraud.rings.shared_patients.expectation import expected_sharing, log_likelihood_ratio, slot_weights
from fraud.rings.shared_patients.incidence import build_network
from tests.rings.links import links_of

SIX = [("p1", "i"), ("p1", "j"), ("p2", "i"), ("p2", "j"), ("p2", "x"), ("p3", "x")]


def graph_of(links):
    return build_network(links.edges, links.persons, links.providers).graph


def test_six_edges_of_one_type_and_stratum():
    # degrees p1 2, p2 3, p3 1: ordered pairs of visits 2·1 + 3·2 + 1·0 = 8; edges 6, slots 6·5 = 30; w = 8/30.
    # d[i] = 2, d[j] = 2, d[x] = 2: each pair is expected to share 8/30 · 2 · 2 = 16/15.
    graph = graph_of(links_of(SIX))
    assert slot_weights(graph)[0, 0].tolist() == pytest.approx([8 / 30])
    assert expected_sharing(graph, 0, 1) == pytest.approx(16 / 15)
    # over all three pairs 3.2 expected; observed: p1 shares 1 pair, p2 shares 3, together 4


def test_six_edges_of_two_types():
    # x is a pharmacy. Type a: p1 2, p2 2, E = 4. Type b: p2 1, p3 1, E = 2. Pairs of visits a, b: 2·0 + 2·1 + 0·1 = 2.
    # w[a,b] = 2 / (4·2) = 1/4; E[i,x] = 1/4 · 2 · 2 = 1, and indeed p2 alone met both.
    # w[a,a] = (2·1 + 2·1) / (4·3) = 1/3; E[i,j] = 1/3 · 2 · 2 = 4/3.
    graph = graph_of(links_of(SIX, kinds={"x": "pharmacy"}))
    assert expected_sharing(graph, 0, 2) == pytest.approx(1.0)
    assert expected_sharing(graph, 0, 1) == pytest.approx(4 / 3)


def test_six_edges_of_two_strata():
    # p3 lives elsewhere. Stratum A: pairs 2·1 + 3·2 = 8, E = 5, slots 5·4 = 20, w = 2/5, d[i] = d[j] = 2: 8/5.
    graph = graph_of(links_of(SIX, homes={"p3": "B"}))
    assert expected_sharing(graph, 0, 1) == pytest.approx(8 / 5)
    # x has one patient in A: 2/5 · 2 · 1
    assert expected_sharing(graph, 0, 2) == pytest.approx(4 / 5)


def test_log_likelihood_ratio():
    assert log_likelihood_ratio(10.0, 2.0) == pytest.approx(10 * math.log(5) - 8)
    assert log_likelihood_ratio(2.0, 2.0) == 0.0
    assert log_likelihood_ratio(1.0, 2.0) == 0.0


def test_what_the_readme_says_of_nats():
    page = files("fraud.rings.shared_patients").joinpath("README.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d+) \|.*\| (\d+) seen.*, ([\d.]+) expected", page, re.MULTILINE)
    assert [row[0] for row in rows] == ["5", "6", "40", "100", "280"]
    for nats, seen, expected in rows:
        evidence = log_likelihood_ratio(float(seen), float(expected))
        assert evidence == pytest.approx(float(nats), rel=0.02)
        assert poisson.sf(int(seen) - 1, float(expected)) <= math.exp(-evidence)
    assert log_likelihood_ratio(118.0, 6.02) == pytest.approx(239, abs=0.5)
    assert _log_choices(1_000, 5) + _log_choices(50_000, 30) == pytest.approx(280, abs=0.5)
