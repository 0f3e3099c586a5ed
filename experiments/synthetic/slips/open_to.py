"""Settlements that an honest slip may meet: those of nobody's scheme, taken back or repeated by nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import uniform
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.schemes import Stage

_ROOM_DAYS = 5  # before the window ends, for what corrects a slip


def open_to_slips(stage: Stage) -> pd.DataFrame:
    """Return the visits that a slip may meet: neither guilty nor of an innocent look-alike.

    A slip on these would hide what a look-alike is there to show, or make a guilty line guilty twice.
    """
    visits, truth = stage.visits, stage.truth
    draft, hanging = visits["draft"].to_numpy(), visits["same_encounter_as"].to_numpy()
    named = {kind: sorted({s for k, s, *_ in truth.twins if k == kind}) for kind in ("provider", "patient")}
    fit = (visits["reverses"].to_numpy() < 0) & (hanging < 0) & ~np.isin(draft, hanging)
    fit &= ~np.isin(draft, np.array([d for d, *_ in truth.lines], np.int64))
    fit &= ~np.isin(visits["provider"].to_numpy(), named["provider"])
    fit &= ~np.isin(visits["person"].to_numpy(), named["patient"])
    fit &= visits["settle"].to_numpy() < stage.world.calendar.end - _ROOM_DAYS * DAY
    return visits[fit]


def drawn(stage: Stage, visits: pd.DataFrame, kind: str, share: float) -> pd.DataFrame:
    """Draw a share of visits for a kind of slip by their numbers: a scheme moves no slip from one bill to another."""
    return visits[luck(stage, visits, kind) < share]


def luck(stage: Stage, visits: pd.DataFrame, what: str) -> npt.NDArray[np.float64]:
    """Draw from [0, 1) for each visit by its number."""
    return uniform(visits["draft"].to_numpy(), stage.world.seed, f"slip/{what}")
