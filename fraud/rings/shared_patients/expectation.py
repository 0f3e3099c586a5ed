"""What chance would give: the stratified configuration model."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from fraud.rings.shared_patients.compile import compiled

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from fraud.rings.shared_patients.incidence import Incidence


@compiled
def log_likelihood_ratio(observed: float, expected: float) -> float:
    """Poisson evidence of an excess, in nats: c ln(c/e) − (c − e), zero where there is no excess.

    This is Kulldorff's scan statistic for a small part of a large whole (Kulldorff 1997, Communications in Statistics
    26).

    Examples
    --------
    >>> round(log_likelihood_ratio(10.0, 2.0), 3)  # 10 ln 5 − 8
    8.094
    """
    if observed <= expected or observed <= 0.0:
        return 0.0
    floor = max(expected, 1e-12)
    return observed * math.log(observed / floor) - (observed - expected)


def slot_weights(graph: Incidence) -> NDArray[np.float64]:
    """Chance weight w[a, b, g] of two visits of one patient, by provider types a, b and stratum g.

    A patient of stratum g with d_a visits to type a and d_b to type b makes d_a (d_b − [a=b]) ordered pairs of
    visits. A visit to type a falls to provider i in d[i,g] of E[a,g] cases. Summed over the patients of g, the
    expected number shared by i and j is w[t(i), t(j), g] · d[i,g] · d[j,g].

    Returns
    -------
    array of shape (2, 2, strata)
    """
    n_strata = graph.total.shape[1]
    weights = np.zeros((2, 2, n_strata))
    degree = graph.degree.astype(np.int64)
    for a in (0, 1):
        for b in (0, 1):
            same = int(a == b)
            pairs = np.zeros(n_strata, dtype=np.int64)
            np.add.at(pairs, graph.stratum, degree[:, a] * (degree[:, b] - same))
            slots = graph.total[a].astype(np.float64) * (graph.total[b] - same)
            np.divide(pairs, slots, out=weights[a, b], where=slots > 0)
    return weights


def expected_sharing(graph: Incidence, first: int, second: int) -> float:
    """Patients that two providers would share by chance: Σ_g w · d[i,g] · d[j,g].

    Parameters
    ----------
    graph : Incidence
    first, second : int
        Numbers of the providers.
    """
    weights = slot_weights(graph)[graph.kind[first], graph.kind[second]]
    rows = []
    for provider in (first, second):
        part = slice(graph.margin_start[provider], graph.margin_start[provider + 1])
        row = np.zeros(graph.total.shape[1])
        row[graph.margin_stratum[part]] = graph.margin_count[part]
        rows.append(row)
    return float((weights * rows[0] * rows[1]).sum())
