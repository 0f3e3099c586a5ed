"""Arrays that the expansion writes to, made once per graph; each user leaves them as found."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from fraud.rings.shared_patients.compile import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.shared_patients.incidence import Incidence


class Scratch(NamedTuple):
    """Counts and marks: all zero between uses, except `is_member`, which marks the ring being grown.

    `met` counts per patient the members visited, `visitors` per provider the ring's patients, `margins` has one row per
    member and one column per stratum, `inside` and `spare` one row per type and one column per stratum.
    """

    met: NDArray[np.int32]
    visitors: NDArray[np.int32]
    is_member: NDArray[np.bool_]
    margins: NDArray[np.int64]
    inside: NDArray[np.int64]
    spare: NDArray[np.float64]


def make_scratch(graph: Incidence, max_providers: int) -> Scratch:
    """Make the arrays for one graph and rings of at most so many providers."""
    n_strata = graph.total.shape[1]
    return Scratch(
        met=np.zeros(len(graph.stratum), dtype=np.int32),
        visitors=np.zeros(len(graph.kind), dtype=np.int32),
        is_member=np.zeros(len(graph.kind), dtype=np.bool_),
        margins=np.zeros((max_providers, n_strata), dtype=np.int64),
        inside=np.zeros((2, n_strata), dtype=np.int64),
        spare=np.zeros((2, n_strata)),
    )


@compiled
def write_margins(graph: Incidence, provider: int, row: NDArray[np.int64]) -> None:
    """Write the patients of one provider by stratum into a row of zeros."""
    for at in range(graph.margin_start[provider], graph.margin_start[provider + 1]):
        row[graph.margin_stratum[at]] = graph.margin_count[at]


@compiled
def clear_margins(graph: Incidence, provider: int, row: NDArray[np.int64]) -> None:
    """Undo `write_margins`."""
    for at in range(graph.margin_start[provider], graph.margin_start[provider + 1]):
        row[graph.margin_stratum[at]] = 0
