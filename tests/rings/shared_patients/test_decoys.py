"""Decoys keep what chance keeps, and q-values follow by hand."""

from __future__ import annotations

import numpy as np
import pytest

from experiments.benchmarks.ring_city import make_city
from fraud.rings.shared_patients.decoys import decoy_q_values, make_decoy
from fraud.rings.shared_patients.incidence import build_network
from fraud.rings.shared_patients.search import search_rings
from fraud.settings import RingSettings


@pytest.fixture(scope="module")
def graph():
    city = make_city(seed=4)
    return build_network(city.edges, city.persons, city.providers).graph


def test_decoy_keeps_nearly_all_margins_and_no_ring(graph):
    decoy = make_decoy(graph, seed=9)
    lost = len(graph.patient_providers) - len(decoy.patient_providers)
    assert 0 <= lost < 0.01 * len(graph.patient_providers)
    # what is lost is one visit of one patient and one patient of one provider each; nothing else may change
    assert np.abs(graph.degree - decoy.degree).sum() == lost
    assert np.abs(graph.total - decoy.total).sum() == lost
    assert (
        decoy.patient_providers[: len(graph.patient_providers) - lost] != graph.patient_providers[: -lost or None]
    ).any()
    assert len(search_rings(graph, RingSettings()).blocks) > 0
    assert search_rings(decoy, RingSettings()).blocks == []


def test_one_seed_one_decoy(graph):
    first, again, other = (make_decoy(graph, seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.patient_providers, again.patient_providers)
    assert not np.array_equal(first.patient_providers, other.patient_providers)


def test_q_values_by_hand():
    # 4 decoys with rings at 60, 30, 30. Real 80: (1+0)/5/1 = .2; 50: (1+1)/5/2 = .2; 20: (1+3)/5/3 = .2667
    q_values = decoy_q_values(
        np.array([20.0, 80.0, 50.0]), [np.array([60.0, 30.0]), np.array([30.0]), *[np.empty(0)] * 2]
    )
    assert q_values.tolist() == pytest.approx([4 / 15, 0.2, 0.2])
