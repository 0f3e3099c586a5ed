"""Screening: pairs of providers that share more patients than chance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.special import pdtrc

from fraud.rings.shared_patients.compile import compiled
from fraud.rings.shared_patients.expectation import log_likelihood_ratio, slot_weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.shared_patients.incidence import Incidence


class Pairs(NamedTuple):
    """One row per pair of providers kept, the strongest first (ties by number).

    `shared` counts patients, `expected` is its mean under chance, `evidence` is the log-likelihood ratio in nats,
    `p_value` the Poisson upper tail and `q_value` the false discovery rate over all pairs of providers.
    """

    first: NDArray[np.int32]
    second: NDArray[np.int32]
    shared: NDArray[np.int64]
    expected: NDArray[np.float64]
    evidence: NDArray[np.float64]
    p_value: NDArray[np.float64]
    q_value: NDArray[np.float64]


def largest_expectation(n_most: int, evidence: float) -> NDArray[np.float64]:
    """For each count c the expectation at which its evidence falls to the bound; beyond it a pair is of no interest."""
    counts = np.arange(n_most + 1, dtype=np.float64)
    low, high = np.zeros(n_most + 1), counts.copy()
    for _ in range(60):  # halvings: below the precision of a double
        middle = np.maximum((low + high) / 2, 1e-300)
        enough = counts * np.log(np.maximum(counts, 1e-300) / middle) - (counts - middle) >= evidence
        low, high = np.where(enough, middle, low), np.where(enough, high, middle)
    return low


@compiled
def _count_shared(
    graph: Incidence, provider: int, counts: NDArray[np.int32], others: NDArray[np.int32]
) -> tuple[int, int]:
    """Count the patients shared with each later provider; return how many providers that are, and the largest count."""
    n_others, most = 0, 0
    for edge in range(graph.provider_start[provider], graph.provider_start[provider + 1]):
        patient = graph.provider_patients[edge]
        for at in range(graph.patient_start[patient + 1] - 1, graph.patient_start[patient] - 1, -1):
            other = graph.patient_providers[at]
            if other <= provider:
                break  # providers ascend: the rest was counted from the other side
            if counts[other] == 0:
                others[n_others] = other
                n_others += 1
            counts[other] += 1
            most = max(most, counts[other])
    return n_others, most


@compiled
def _expected_within(graph: Incidence, other: int, here: NDArray[np.float64], bound: float) -> float:
    """Sum the expected sharing over strata, largest first, until it is beyond the bound."""
    expected = 0.0
    for at in range(graph.margin_start[other], graph.margin_start[other + 1]):
        expected += here[graph.kind[other], graph.margin_stratum[at]] * graph.margin_count[at]
        if expected > bound:
            break  # terms are never negative: the pair cannot come back
    return expected


@compiled
def _keep_pairs(
    graph: Incidence, weights: NDArray[np.float64], roots: NDArray[np.float64], fewest: int
) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int64], NDArray[np.float64]]:
    n_providers = len(graph.kind)
    counts = np.zeros(n_providers, dtype=np.int32)
    others = np.empty(n_providers, dtype=np.int32)
    here = np.zeros((2, weights.shape[2]))
    first, second = np.empty(1024, dtype=np.int32), np.empty(1024, dtype=np.int32)
    shared, expected = np.empty(1024, dtype=np.int64), np.empty(1024)
    n_kept = 0
    for provider in range(n_providers):
        n_others, most = _count_shared(graph, provider, counts, others)
        homes = slice(graph.margin_start[provider], graph.margin_start[provider + 1])
        if most >= fewest:
            for kind in range(2):
                for at in range(homes.start, homes.stop):
                    home = graph.margin_stratum[at]
                    here[kind, home] = weights[graph.kind[provider], kind, home] * graph.margin_count[at]
        for position in range(n_others):
            other = others[position]
            count = counts[other]
            counts[other] = 0
            if count < fewest:
                continue
            chance = _expected_within(graph, other, here, roots[count])
            if chance <= roots[count]:
                if n_kept == len(first):
                    first, second = np.append(first, first), np.append(second, second)
                    shared, expected = np.append(shared, shared), np.append(expected, expected)
                first[n_kept], second[n_kept], shared[n_kept], expected[n_kept] = provider, other, count, chance
                n_kept += 1
        for at in range(homes.start, homes.stop):
            here[:, graph.margin_stratum[at]] = 0.0
    return first[:n_kept], second[:n_kept], shared[:n_kept], expected[:n_kept]


def false_discovery_rate(p_values: NDArray[np.float64], n_tests: int) -> NDArray[np.float64]:
    """Benjamini–Hochberg q-values of the smallest p-values among `n_tests`.

    Source: Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B 57.

    Parameters
    ----------
    p_values : array
        The p-values at hand, in any order. Those not at hand are taken as larger.
    n_tests : int
        How many tests were made in all.

    Examples
    --------
    >>> false_discovery_rate(np.array([0.01, 0.04, 0.03]), 4).tolist()  # .01·4/1, min(.03·4/2, .04·4/3), .04·4/3
    [0.04, 0.05333333333333334, 0.05333333333333334]
    """
    order = np.argsort(p_values, kind="stable")
    stepped = p_values[order] * n_tests / np.arange(1, len(order) + 1)
    q_values = np.empty(len(order))
    q_values[order] = np.minimum(np.minimum.accumulate(stepped[::-1])[::-1], 1.0)
    return q_values


def screen_pairs(graph: Incidence, min_shared: int, min_evidence: float) -> Pairs:
    """Keep pairs that share at least `min_shared` patients with evidence of at least `min_evidence` nats.

    Rows of AᵀA are counted one at a time and never stored; the expectation of a pair is summed over strata until it
    is too large.
    """
    most = int(np.diff(graph.provider_start).max(initial=0))
    roots = largest_expectation(most, min_evidence)
    first, second, shared, expected = _keep_pairs(graph, slot_weights(graph), roots, min_shared)
    evidence = np.array([log_likelihood_ratio(float(c), e) for c, e in zip(shared, expected, strict=True)])
    order = np.lexsort((second, first, -evidence))
    p_value = pdtrc(shared - 1.0, expected)
    n_providers = len(graph.kind)
    q_value = false_discovery_rate(p_value, n_providers * (n_providers - 1) // 2)
    return Pairs(
        first[order], second[order], shared[order], expected[order], evidence[order], p_value[order], q_value[order]
    )
