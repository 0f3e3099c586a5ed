"""Which patients belong to a set of providers: those whose visits a ring explains better than chance."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fraud.rings.shared_patients.compile import compiled
from fraud.rings.shared_patients.scratch import clear_margins, write_margins

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.shared_patients.incidence import Incidence
    from fraud.rings.shared_patients.scratch import Scratch

_LEAST_CHANCE = 1e-9  # one odd visit may not decide alone
_MOST_CHANCE = 0.95


@compiled
def _count_members_met(graph: Incidence, members: NDArray[np.int32], met: NDArray[np.int32]) -> NDArray[np.int32]:
    """Count in `met` the members each patient visited; return those patients."""
    size = 0
    for member in members:
        size += graph.provider_start[member + 1] - graph.provider_start[member]
    found = np.empty(size, dtype=np.int32)
    n_found = 0
    for member in members:
        for edge in range(graph.provider_start[member], graph.provider_start[member + 1]):
            patient = graph.provider_patients[edge]
            if met[patient] == 0:
                found[n_found] = patient
                n_found += 1
            met[patient] += 1
    return found[:n_found]


@compiled
def _met_two_groups(graph: Incidence, patient: int, is_member: NDArray[np.bool_]) -> bool:
    """Tell whether a patient visited members of two groups; a chain or consortium is one group."""
    group = -1
    for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
        provider = graph.patient_providers[edge]
        if is_member[provider]:
            if group < 0:
                group = graph.group[provider]
            elif graph.group[provider] != group:
                return True
    return False


@compiled
def _chance(graph: Incidence, patient: int, member: int, margins: NDArray[np.int64]) -> float:
    """Chance that a patient visits a member: its visits to the type × the member's share of its stratum."""
    home, kind = graph.stratum[patient], graph.kind[member]
    chance = graph.degree[patient, kind] * margins[home] / max(graph.total[kind, home], 1)
    return float(min(max(chance, _LEAST_CHANCE), _MOST_CHANCE))


@compiled
def _log_odds(graph: Incidence, patient: int, members: NDArray[np.int32], density: float, scratch: Scratch) -> float:
    """Log odds of a ring patient, who visits each member with one probability, against a patient of chance."""
    log_odds: float = len(members) * math.log(1.0 - density)
    for position in range(len(members)):
        log_odds -= math.log(1.0 - _chance(graph, patient, members[position], scratch.margins[position]))
    for edge in range(graph.patient_start[patient], graph.patient_start[patient + 1]):
        provider = graph.patient_providers[edge]
        if scratch.is_member[provider]:
            position = np.searchsorted(members, provider)
            chance = _chance(graph, patient, provider, scratch.margins[position])
            log_odds += math.log(density / (1.0 - density)) - math.log(chance / (1.0 - chance))
    return log_odds


@compiled
def choose_patients(
    graph: Incidence, members: NDArray[np.int32], density: float, least_log_odds: float, scratch: Scratch
) -> NDArray[np.int32]:
    """Return the patients that belong, ascending.

    A patient must have visited members of two groups and, once there are more than two members, have log odds above the
    bound. A pair keeps all it shares: with two visits nobody is telling yet.
    """
    found = _count_members_met(graph, members, scratch.met)
    for position in range(len(members)):
        write_margins(graph, members[position], scratch.margins[position])
    n_chosen = 0
    for patient in found:
        met = scratch.met[patient]
        scratch.met[patient] = 0
        if met < 2 or not _met_two_groups(graph, patient, scratch.is_member):
            continue
        if len(members) == 2 or _log_odds(graph, patient, members, density, scratch) > least_log_odds:
            found[n_chosen] = patient  # behind the reader: never ahead of what is still to be read
            n_chosen += 1
    for position in range(len(members)):
        clear_margins(graph, members[position], scratch.margins[position])
    return np.sort(found[:n_chosen])
