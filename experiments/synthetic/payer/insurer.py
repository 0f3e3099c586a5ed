"""The insurer's staff: who sets aside an automatic check, and how often that is in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import uniform

if TYPE_CHECKING:
    import numpy.typing as npt

OVERRIDDEN = 0.004  # share of settlements whose automatic check is set aside, by whoever is on duty
_COLLEAGUES = 3  # of one region


def is_overridden(draft: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.bool_]:
    """Tell whose automatic check is set aside in the ordinary course of work.

    Parameters
    ----------
    draft : array
        Drafts; what reverses or repeats a settlement asks for that settlement's.
    seed : int
        Of the city.
    """
    chosen: npt.NDArray[np.bool_] = uniform(draft, seed, "override") < OVERRIDDEN
    return chosen


def on_duty(draft: npt.NDArray[np.int64], region: npt.NDArray[np.int64], seed: int) -> npt.NDArray[np.int64]:
    """Return which of the region's colleagues decides on each draft: a number below 100."""
    turn = (uniform(draft, seed, "on duty") * _COLLEAGUES).astype(np.int64)
    return region * _COLLEAGUES + turn
