"""Expansion: grow a pair of providers and its patients to a fixed point."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fraud.rings.compile import compiled
from fraud.rings.expectation import log_likelihood_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.incidence import Incidence

_ROUNDS = 12
_DENSITY = (0.4, 0.9)
_RARE = 1e-9  # a chance below this says no more: keeps one odd edge from deciding


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
def _margins_of(graph, member, row):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    for at in range(graph.margin_start[member], graph.margin_start[member + 1]):
        row[graph.margin_stratum[at]] = graph.margin_count[at]


@compiled
def _clear_margins(graph, member, row):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    for at in range(graph.margin_start[member], graph.margin_start[member + 1]):
        row[graph.margin_stratum[at]] = 0


@compiled
def _groups_met(graph, patient, is_member):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    """Count members that a patient visited, each chain or consortium once."""
    met = 0
    start, stop = graph.patient_start[patient], graph.patient_start[patient + 1]
    for edge in range(start, stop):
        provider = graph.patient_providers[edge]
        if not is_member[provider]:
            continue
        repeated = False
        for before in range(start, edge):
            other = graph.patient_providers[before]
            if is_member[other] and graph.group[other] == graph.group[provider]:
                repeated = True
                break
        if not repeated:
            met += 1
    return met


@compiled
def _choose_patients(graph, members, is_member, density, least_odds, seen, margins):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    """Keep the patients whose visits the ring explains better than chance; a pair keeps those it shares."""
    n_members = len(members)
    n_seen = 0
    size = 0
    for member in members:
        size += graph.provider_start[member + 1] - graph.provider_start[member]
    order = np.empty(size, dtype=np.int32)
    for member in members:
        for edge in range(graph.provider_start[member], graph.provider_start[member + 1]):
            patient = graph.provider_patients[edge]
            if seen[patient] == 0:
                order[n_seen] = patient
                n_seen += 1
            seen[patient] += 1
    for position in range(n_members):
        _margins_of(graph, members[position], margins[position])
    chosen = np.empty(n_seen, dtype=np.int32)
    n_chosen = 0
    for at in range(n_seen):
        patient = order[at]
        met = seen[patient]
        seen[patient] = 0
        if met < 2 or _groups_met(graph, patient, is_member) < 2:
            continue
        if n_members > 2:
            home = graph.stratum[patient]
            log_odds = met * math.log(density / (1.0 - density)) + n_members * math.log(1.0 - density)
            for position in range(n_members):
                kind = graph.kind[members[position]]
                chance = graph.degree[patient, kind] * margins[position, home] / max(graph.total[kind, home], 1)
                log_odds -= math.log(1.0 - min(max(chance, _RARE), 0.95))
            for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
                provider = graph.patient_providers[edge]
                if is_member[provider]:
                    position = np.searchsorted(members, provider)
                    kind = graph.kind[provider]
                    chance = graph.degree[patient, kind] * margins[position, home] / max(graph.total[kind, home], 1)
                    chance = min(max(chance, _RARE), 0.95)
                    log_odds -= math.log(chance) - math.log(1.0 - chance)
            if log_odds <= least_odds:
                continue
        chosen[n_chosen] = patient
        n_chosen += 1
    for position in range(n_members):
        _clear_margins(graph, members[position], margins[position])
    return np.sort(chosen[:n_chosen])


@compiled
def _free_visits(graph, members, is_member, left_out, patients, inside, spare):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    """Fill `spare` with visits that the ring leaves to chance, per type and stratum, as a share of all such visits.

    What is not a visit to the ring is spread over the providers outside it, in proportion to their patients of the stratum.
    """
    spare[:] = 0.0
    inside[:] = 0
    for member in members:
        if member == left_out:
            continue
        for at in range(graph.margin_start[member], graph.margin_start[member + 1]):
            inside[graph.kind[member], graph.margin_stratum[at]] += graph.margin_count[at]
    for patient in patients:
        home = graph.stratum[patient]
        spare[0, home] += graph.degree[patient, 0]
        spare[1, home] += graph.degree[patient, 1]
        for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
            provider = graph.patient_providers[edge]
            if is_member[provider] and provider != left_out:
                spare[graph.kind[provider], home] -= 1.0
    for kind in range(2):
        for home in range(spare.shape[1]):
            if spare[kind, home] > 0.0:
                spare[kind, home] /= max(graph.total[kind, home] - inside[kind, home], 1)


@compiled
def _expected_visitors(graph, provider, spare):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    chance = 0.0
    for at in range(graph.margin_start[provider], graph.margin_start[provider + 1]):
        chance += spare[graph.kind[provider], graph.margin_stratum[at]] * graph.margin_count[at]
    return chance


@compiled
def _local_control(graph, provider, is_member, visitors, spare):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    """How much more these patients use the provider's neighbours of its type than chance; at least 1."""
    observed, chance = 1.0, 1.0
    cell = graph.cell[provider]
    for at in range(graph.cell_start[cell], graph.cell_start[cell + 1]):
        neighbour = graph.cell_providers[at]
        if neighbour != provider and not is_member[neighbour]:
            observed += visitors[neighbour]
            chance += _expected_visitors(graph, neighbour, spare)
    return max(1.0, observed / chance)


@compiled
def _choose_providers(graph, members, is_member, patients, limits, visitors, inside, spare):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    """Keep and admit providers that these patients visit far more than their other visits and their neighbourhood explain."""
    n_touched = 0
    touched = np.empty(len(graph.kind), dtype=np.int32)
    for patient in patients:
        for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
            provider = graph.patient_providers[edge]
            if visitors[provider] == 0:
                touched[n_touched] = provider
                n_touched += 1
            visitors[provider] += 1
    least = min(limits.stay_share, limits.enter_share) * len(patients)
    candidates = np.sort(touched[:n_touched])
    admitted = np.empty(n_touched, dtype=np.int32)
    strength = np.empty(n_touched)
    n_admitted = 0
    needed = math.log(len(graph.kind)) + limits.min_evidence
    outside_done = False
    for turn in range(
        2
    ):  # first the candidates outside, who share one calculation, then each member as if it were outside
        for provider in candidates:
            if visitors[provider] < least or is_member[provider] != (turn == 1):
                continue
            if turn == 0:
                if visitors[provider] < limits.enter_share * len(patients):
                    continue
                if not outside_done:
                    _free_visits(graph, members, is_member, -1, patients, inside, spare)
                    outside_done = True
            else:
                _free_visits(graph, members, is_member, provider, patients, inside, spare)
            chance = _expected_visitors(graph, provider, spare)
            chance *= _local_control(graph, provider, is_member, visitors, spare)
            evidence = log_likelihood_ratio(float(visitors[provider]), chance)
            if visitors[provider] > limits.min_lift * chance and evidence > needed:
                admitted[n_admitted] = provider
                strength[n_admitted] = evidence
                n_admitted += 1
    for position in range(n_touched):
        visitors[touched[position]] = 0
    if n_admitted > limits.max_providers:
        strongest = np.argsort(-strength[:n_admitted], kind="mergesort")[: limits.max_providers]
        return np.sort(admitted[:n_admitted][strongest])
    return np.sort(admitted[:n_admitted])


@compiled
def _expand(graph, first, second, limits, seen, visitors, is_member, margins, inside, spare):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 - compiled
    members = np.array([min(first, second), max(first, second)], dtype=np.int32)
    is_member[members] = True
    patients = np.empty(0, dtype=np.int32)
    density = 0.6
    for _ in range(_ROUNDS):
        chosen = _choose_patients(graph, members, is_member, density, limits.patient_log_odds, seen, margins)
        if len(chosen) < limits.min_patients:
            is_member[members] = False
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
        n_visits = 0
        for patient in chosen:
            for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
                if is_member[graph.patient_providers[edge]]:
                    n_visits += 1
        density = min(max(n_visits / (len(chosen) * len(members)), _DENSITY[0]), _DENSITY[1])
        grown = _choose_providers(graph, members, is_member, chosen, limits, visitors, inside, spare)
        same = np.array_equal(grown, members) and np.array_equal(chosen, patients)
        is_member[members] = False
        members, patients = grown, chosen
        is_member[members] = True
        if same or len(members) < limits.min_providers:
            break
    is_member[members] = False
    return members, patients


class Expander:
    """Grow pairs on one graph; the scratch arrays are made once.

    Parameters
    ----------
    graph : Incidence
    limits : Limits
    """

    def __init__(self, graph: Incidence, limits: Limits) -> None:
        n_strata = graph.total.shape[1]
        self.graph = graph
        self.limits = limits
        self._seen = np.zeros(len(graph.stratum), dtype=np.int32)
        self._visitors = np.zeros(len(graph.kind), dtype=np.int32)
        self._is_member = np.zeros(len(graph.kind), dtype=np.bool_)
        self._margins = np.zeros((limits.max_providers, n_strata), dtype=np.int64)
        self._inside = np.zeros((2, n_strata), dtype=np.int64)
        self._spare = np.zeros((2, n_strata))

    def grow(self, first: int, second: int) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Return members and patients of the ring that a pair belongs to; both empty where there is none."""
        members, patients = _expand(
            self.graph,
            first,
            second,
            self.limits,
            self._seen,
            self._visitors,
            self._is_member,
            self._margins,
            self._inside,
            self._spare,
        )
        n_apart = len(np.unique(self.graph.group[members]))
        if n_apart < self.limits.min_providers or len(patients) < self.limits.min_patients:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.int32)
        return members, patients
