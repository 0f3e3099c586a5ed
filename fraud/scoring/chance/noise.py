"""Noise of few settlements: a share over 12 visits strays further than one over 1,200."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

# Settlements at which chance moves a feature as far as subjects differ; 0 for a feature that volume does not steady.
_HALVES = np.array([0.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0])
# Fewer say nothing of how noise falls with volume.
_LEAST = 5


def noise_levels(volume: Floats) -> Floats:
    """Return how far each subject strays by chance, relative to a subject of endless volume: one row per assumption.

    Variance between subjects and variance of few settlements add up (a funnel with additive overdispersion,
    Spiegelhalter 2005): sqrt(1 + half / settlements).

    Parameters
    ----------
    volume : array of float
        Settlements of every subject; unknown is one.

    Examples
    --------
    >>> noise_levels(np.array([100.0, np.nan]))[[0, 4]].round(2).tolist()
    [[1.0, 1.0], [1.41, 10.05]]
    """
    levels: Floats = np.sqrt(1 + _HALVES[:, None] / np.maximum(np.nan_to_num(volume, nan=1.0), 1.0))
    return levels


def likeliest_noise(gaps: Sequence[tuple[npt.NDArray[np.intp], Floats]], levels: Floats) -> Floats:
    """Return the level of noise per subject under which distances from the median are likeliest.

    Distances are taken to be double exponential (Laplace), which a few odd subjects move little.

    Parameters
    ----------
    gaps : sequence of (array of int, array of float)
        Of each group: places of its subjects, and their distance from the median.
    levels : array of float
        From `noise_levels`.
    """
    likelihood = np.zeros(len(levels))
    for places, gap in gaps:
        apart = np.flatnonzero(gap)
        if len(apart) < _LEAST:
            continue
        own = levels[:, places[apart]]
        scale = (np.abs(gap[apart]) / own).mean(axis=1)
        likelihood -= np.log(own).sum(axis=1) + len(apart) * np.log(scale)
    best: Floats = levels[int(np.argmax(likelihood))]
    return best
