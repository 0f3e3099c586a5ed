"""Which providers a set of patients visits far more than their other visits and their neighbourhood explain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fraud.rings.shared_patients.compile import compiled
from fraud.rings.shared_patients.expectation import log_likelihood_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.shared_patients.incidence import Incidence
    from fraud.rings.shared_patients.scratch import Scratch


class Limits(NamedTuple):
    """When a patient or a provider belongs; counts, shares, and evidence in nats."""

    patient_log_odds: float
    min_patients: int
    min_providers: int
    max_providers: int
    enter_share: float
    stay_share: float
    min_lift: float
    min_evidence: float


@compiled
def _count_visitors(graph: Incidence, patients: NDArray[np.int32], visitors: NDArray[np.int32]) -> NDArray[np.int32]:
    """Count in `visitors` the patients of each provider; return the providers, ascending."""
    found = np.empty(len(visitors), dtype=np.int32)
    n_found = 0
    for patient in patients:
        for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
            provider = graph.patient_providers[edge]
            if visitors[provider] == 0:
                found[n_found] = provider
                n_found += 1
            visitors[provider] += 1
    return np.sort(found[:n_found])


@compiled
def _spread_free_visits(
    graph: Incidence, members: NDArray[np.int32], left_out: int, patients: NDArray[np.int32], scratch: Scratch
) -> None:
    """Fill `spare`, per type and stratum, with the visits the ring leaves to chance for each patient of a provider.

    What is not a visit to the ring falls to the providers outside it in proportion to their patients of the stratum.
    `left_out` is a member to treat as outside; -1 for none.
    """
    inside, spare = scratch.inside, scratch.spare
    spare[:] = 0.0
    inside[:] = 0
    for member in members:
        if member != left_out:
            for at in range(graph.margin_start[member], graph.margin_start[member + 1]):
                inside[graph.kind[member], graph.margin_stratum[at]] += graph.margin_count[at]
    for patient in patients:
        home = graph.stratum[patient]
        spare[0, home] += graph.degree[patient, 0]
        spare[1, home] += graph.degree[patient, 1]
        for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
            provider = graph.patient_providers[edge]
            if scratch.is_member[provider] and provider != left_out:
                spare[graph.kind[provider], home] -= 1.0
    for kind in range(2):
        for home in range(spare.shape[1]):
            if spare[kind, home] > 0.0:
                spare[kind, home] /= max(graph.total[kind, home] - inside[kind, home], 1)


@compiled
def _expected_visitors(graph: Incidence, provider: int, spare: NDArray[np.float64]) -> float:
    chance = 0.0
    for at in range(graph.margin_start[provider], graph.margin_start[provider + 1]):
        chance += spare[graph.kind[provider], graph.margin_stratum[at]] * graph.margin_count[at]
    return chance


@compiled
def _local_control(graph: Incidence, provider: int, scratch: Scratch) -> float:
    """How much more these patients use the provider's neighbours of its type than chance; at least 1."""
    observed, chance = 1.0, 1.0  # one of each: few visits to few neighbours prove little
    cell = graph.cell[provider]
    for at in range(graph.cell_start[cell], graph.cell_start[cell + 1]):
        neighbour = graph.cell_providers[at]
        if neighbour != provider and not scratch.is_member[neighbour]:
            observed += scratch.visitors[neighbour]
            chance += _expected_visitors(graph, neighbour, scratch.spare)
    return max(1.0, observed / chance)


@compiled
def _evidence(graph: Incidence, provider: int, limits: Limits, scratch: Scratch) -> float:
    """Evidence that a provider belongs, nats; zero when the excess is too small."""
    chance = _expected_visitors(graph, provider, scratch.spare) * _local_control(graph, provider, scratch)
    observed = float(scratch.visitors[provider])
    if observed <= limits.min_lift * chance:
        return 0.0
    evidence: float = log_likelihood_ratio(observed, chance)
    return evidence


@compiled
def choose_providers(
    graph: Incidence, members: NDArray[np.int32], patients: NDArray[np.int32], limits: Limits, scratch: Scratch
) -> NDArray[np.int32]:
    """Return the members that stay and the providers that enter, ascending; the strongest, if they are too many."""
    found = _count_visitors(graph, patients, scratch.visitors)
    evidence = np.zeros(len(found))
    _spread_free_visits(graph, members, -1, patients, scratch)
    for position in range(len(found)):
        provider = found[position]
        enters = scratch.visitors[provider] >= limits.enter_share * len(patients)
        if enters and not scratch.is_member[provider]:
            evidence[position] = _evidence(graph, provider, limits, scratch)
    for position in range(len(found)):
        provider = found[position]
        stays = scratch.visitors[provider] >= limits.stay_share * len(patients)
        if stays and scratch.is_member[provider]:  # a member is judged as if it stood outside the others
            _spread_free_visits(graph, members, provider, patients, scratch)
            evidence[position] = _evidence(graph, provider, limits, scratch)
    scratch.visitors[found] = 0
    scratch.spare[:] = 0.0
    scratch.inside[:] = 0
    admitted = np.flatnonzero(evidence > math.log(len(graph.kind)) + limits.min_evidence)
    strongest = np.argsort(-evidence[admitted], kind="mergesort")[: limits.max_providers]
    return np.sort(found[admitted[strongest]])
