"""Expansion: grow a pair of providers and its patients to a fixed point."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fraud.rings.shared_patients.choose_patients import choose_patients
from fraud.rings.shared_patients.choose_providers import choose_providers
from fraud.rings.shared_patients.compile import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.shared_patients.choose_providers import Limits
    from fraud.rings.shared_patients.incidence import Incidence
    from fraud.rings.shared_patients.scratch import Scratch

_ROUNDS = 12  # rings settle in three to five
_LEAST_DENSITY, _MOST_DENSITY = 0.4, 0.9  # below, a ring is a crowd; above, one missed visit would decide
_FIRST_DENSITY = 0.6


@compiled
def _density(
    graph: Incidence, members: NDArray[np.int32], patients: NDArray[np.int32], is_member: NDArray[np.bool_]
) -> float:
    """Share of the members that a patient of the ring visits, within bounds."""
    n_visits = 0
    for patient in patients:
        for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
            if is_member[graph.patient_providers[edge]]:
                n_visits += 1
    return min(max(n_visits / (len(patients) * len(members)), _LEAST_DENSITY), _MOST_DENSITY)


@compiled
def expand_pair(
    graph: Incidence, first: int, second: int, limits: Limits, scratch: Scratch
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return members and patients of the ring that a pair of providers belongs to, both ascending.

    Both are empty where there is none: too few patients, too few providers, or too few groups (a chain or consortium
    counts once).
    """
    nobody = np.empty(0, dtype=np.int32)
    members = np.array([min(first, second), max(first, second)], dtype=np.int32)
    scratch.is_member[members] = True
    patients = nobody
    density = _FIRST_DENSITY
    for _ in range(_ROUNDS):
        chosen = choose_patients(graph, members, density, limits.patient_log_odds, scratch)
        if len(chosen) < limits.min_patients:
            scratch.is_member[members] = False
            return nobody, nobody
        density = _density(graph, members, chosen, scratch.is_member)
        grown = choose_providers(graph, members, chosen, limits, scratch)
        settled = np.array_equal(grown, members) and np.array_equal(chosen, patients)
        scratch.is_member[members] = False
        members, patients = grown, chosen
        if len(np.unique(graph.group[members])) < limits.min_providers:
            return nobody, nobody
        scratch.is_member[members] = True
        if settled:
            break
    scratch.is_member[members] = False
    return members, patients
