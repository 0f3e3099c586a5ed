"""Pairs: counts, early stop and false discovery rate."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.stats import poisson

from experiments.benchmarks.ring_city import make_city
from fraud.rings.shared_patients.expectation import expected_sharing, log_likelihood_ratio
from fraud.rings.shared_patients.incidence import build_network
from fraud.rings.shared_patients.screen import false_discovery_rate, largest_expectation, screen_pairs


def test_false_discovery_rate_by_hand():
    # 10 tests, three at hand: .001·10/1 = .01, .02·10/2 = .1, .021·10/3 = .07; made monotone the second takes .07
    q_values = false_discovery_rate(np.array([0.02, 0.001, 0.021]), 10)
    assert q_values.tolist() == pytest.approx([0.07, 0.01, 0.07])


def test_largest_expectation_is_the_root_of_the_evidence():
    roots = largest_expectation(50, 6.0)
    for count in (3, 10, 50):
        assert log_likelihood_ratio(float(count), roots[count]) == pytest.approx(6.0)


def test_screened_pairs_equal_a_plain_count_of_every_pair():
    city = make_city(seed=5, n_patients=700, n_areas=2, per_area=(8, 6), n_rings=1, ring_patients=(30, 40))
    network = build_network(city.edges, city.persons, city.providers)
    graph = network.graph
    matrix = csr_array(
        (np.ones(len(graph.patient_providers)), graph.patient_providers, graph.patient_start),
        shape=(len(graph.stratum), len(graph.kind)),
    )
    shared = (matrix.T @ matrix).toarray()
    expected = {
        (i, j): (shared[i, j], expected_sharing(graph, i, j))
        for i, j in combinations(range(len(graph.kind)), 2)
        if shared[i, j] >= 3
    }
    kept = {pair: both for pair, both in expected.items() if log_likelihood_ratio(*both) >= 6.0}
    pairs = screen_pairs(graph, 3, 6.0)
    assert len(kept) > 3
    assert set(zip(pairs.first.tolist(), pairs.second.tolist(), strict=True)) == set(kept)
    for first, second, count, chance, p_value in zip(
        pairs.first, pairs.second, pairs.shared, pairs.expected, pairs.p_value, strict=True
    ):
        assert count == kept[first, second][0]
        assert chance == pytest.approx(kept[first, second][1])
        assert p_value == pytest.approx(poisson.sf(count - 1, chance))
    assert (np.diff(pairs.evidence) <= 0).all()
