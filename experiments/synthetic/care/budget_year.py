"""The end of a budget year: hospitals near their yearly budget admit less and discharge earlier."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import stream, uniform

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.world.world import World

_LAST_DAYS = 35  # of the year: the weeks in which a budget begins to bind
_FEWER = 0.3  # share of stays that a hospital at the end of its budget puts off
_SHORTER = 0.18  # share of the nights it saves


def strain(world: World, provider: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Tell how near the end of its yearly budget a hospital is on a day.

    Parameters
    ----------
    world : World
        The city.
    provider, day : array
        Place number and day counted from the window's first, one each per stay.

    Returns
    -------
    array
        0 outside the last five weeks of a year, rising smoothly to at most 1 on its last day; hospitals differ, and
        none has spent the same in two years.
    """
    dates = np.datetime64(world.calendar.first, "D") + day
    year = dates.astype("datetime64[Y]")
    left = ((year + np.timedelta64(1, "Y")).astype("datetime64[D]") - dates).astype(np.int64)
    rise = np.clip((_LAST_DAYS - left + 1) / _LAST_DAYS, 0, 1)
    spent = uniform(provider * 10_000 + year.astype(np.int64), world.seed, "budget")
    near: npt.NDArray[np.float64] = rise**2 * (3 - 2 * rise) * spent
    return near


def has_year_end(world: World) -> bool:
    """Tell whether the window reaches into the last weeks of a year."""
    days = (world.calendar.first + timedelta(days=d) for d in range(world.calendar.n_days))
    return any(day.month == 12 for day in days)


def strained(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Put off some stays of the last weeks of a year and shorten the others; a window without December stays as is.

    Parameters
    ----------
    world : World
        The city.
    stays : DataFrame
        One row per stay, with provider, day and days.
    """
    if not has_year_end(world):
        return stays
    rng = stream(world.seed, "budget year")
    near = strain(world, stays["provider"].to_numpy(), stays["day"].to_numpy())
    kept = rng.random(len(stays)) >= _FEWER * near
    saved = np.rint(stays["days"].to_numpy() * _SHORTER * near).astype(np.int64)
    return stays.assign(days=np.maximum(1, stays["days"].to_numpy() - saved))[kept].reset_index(drop=True)
