"""Score of a ring: visits inside against visits expected, and whether it survives a search over every possible ring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import gammaln, pdtrc

from fraud.rings.shared_patients.expectation import log_likelihood_ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.shared_patients.incidence import Incidence


@dataclass(frozen=True)
class Block:
    """One candidate ring.

    Attributes
    ----------
    members, patients : arrays of int
        Node numbers, ascending.
    visited : array of bool
        Which patient (row) visited which member (column).
    chance : array of float
        Probability of each of these visits under the stratified configuration model.
    group : array of int
        Chain or consortium of each member; one of its own where it has none.
    observed : int
        Pairs of patient and member that met, members of one chain or consortium counted once per patient.
    expected : float
        The same under chance.
    evidence : float
        Log-likelihood ratio of the block, nats.
    is_certified : bool
        The evidence is more than the logarithm of the number of possible rings of this size.
    """

    members: NDArray[np.int32]
    patients: NDArray[np.int32]
    visited: NDArray[np.bool_]
    chance: NDArray[np.float64]
    group: NDArray[np.int32]
    observed: int
    expected: float
    evidence: float
    is_certified: bool

    @property
    def p_value(self) -> float:
        """Poisson upper tail of `observed`, for this block alone."""
        return float(pdtrc(self.observed - 1, self.expected))

    def without(self, column: int) -> float:
        """Evidence that is left when one member is left out, nats."""
        keep = np.arange(len(self.members)) != column
        return _evidence(self.visited[:, keep], self.chance[:, keep], self.group[keep])[2]


def _log_choices(n: int, k: int) -> float:
    return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))


def _evidence(
    visited: NDArray[np.bool_], chance: NDArray[np.float64], group: NDArray[np.int32]
) -> tuple[int, float, float]:
    """Count each group once per patient; groups are expected to share, so what they share is no evidence."""
    groups, column = np.unique(group, return_inverse=True)
    met = np.zeros((len(visited), len(groups)), dtype=np.bool_)
    for position, at in enumerate(column):
        met[:, at] |= visited[:, position]
    observed, expected = int(met.sum()), float(chance.sum())
    return observed, expected, float(log_likelihood_ratio(float(observed), expected))


def score_block(graph: Incidence, members: NDArray[np.int32], patients: NDArray[np.int32]) -> Block:
    """Count the visits of a block and weigh them against chance.

    A patient of stratum g with d visits to providers of type t visits member k with probability d · d[k,g] / E[t,g].
    The block is certified when its log-likelihood ratio exceeds ln C(V, members) + ln C(N, patients): a union bound
    over every block of its size, so no search, however clever, could have found it in a city of chance (V providers,
    N patients).

    Parameters
    ----------
    graph : Incidence
    members, patients : arrays of int
        Node numbers, ascending.
    """
    n_strata = graph.total.shape[1]
    visited = np.zeros((len(patients), len(members)), dtype=np.bool_)
    chance = np.zeros((len(patients), len(members)))
    homes = graph.stratum[patients]
    for column, member in enumerate(members):
        row = np.zeros(n_strata)
        part = slice(graph.margin_start[member], graph.margin_start[member + 1])
        row[graph.margin_stratum[part]] = graph.margin_count[part]
        kind = graph.kind[member]
        share = row[homes] / np.maximum(graph.total[kind, homes], 1)
        chance[:, column] = np.minimum(graph.degree[patients, kind] * share, 1.0)
        own = graph.provider_patients[graph.provider_start[member] : graph.provider_start[member + 1]]
        visited[:, column] = np.isin(patients, own)
    group = graph.group[members]
    observed, expected, evidence = _evidence(visited, chance, group)
    choices = _log_choices(len(graph.kind), len(members)) + _log_choices(len(graph.stratum), len(patients))
    return Block(members, patients, visited, chance, group, observed, expected, evidence, evidence > choices)
