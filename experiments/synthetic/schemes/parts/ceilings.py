"""The highest price that an item may have at a provider on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.world.limits import item_versions, regional_ceilings
from experiments.synthetic.world.places import CEILING_FACTORS

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.world.world import World

CAPPED_KINDS = ("tertiary", "secondary", "township", "community", "pharmacy")


def ceilings(
    world: World, provider: int, item: npt.NDArray[np.int64], day: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Return the ceiling of each item on each day in cents, the region's own where it is lower.

    Parameters
    ----------
    world : World
        The city.
    provider : int
        A provider of one of CAPPED_KINDS.
    item, day : array
        One element each; days count from the window's first.
    """
    frame = world.places.providers
    kind, level = str(frame["kind"].to_numpy()[provider]), str(frame["provider_level"].to_numpy()[provider])
    factor = CEILING_FACTORS["pharmacy" if kind == "pharmacy" else level]
    most = _in_force(world, item_versions(world.catalogue), item, day, "ceiling_factor")
    price = world.catalogue.items["price_cents"].to_numpy()[item]
    national = np.rint(np.rint(price * most * 1e6) / 1e6 * factor)
    regional = regional_ceilings(world.catalogue, world.geography)
    region = int(frame["region"].to_numpy()[provider])
    own = regional[(regional["region"] == region) & (regional["level"] == level)]
    local = _in_force(world, own, item, day, "cents")
    lower: npt.NDArray[np.int64] = np.fmin(national, local).astype(np.int64)
    return lower


def _in_force(
    world: World, versions: pd.DataFrame, item: npt.NDArray[np.int64], day: npt.NDArray[np.int64], column: str
) -> npt.NDArray[np.float64]:
    """Return the value that is in force for each item and day; NaN where there is none."""
    found = np.full(len(item), np.nan)
    first = world.calendar.first
    for row in versions.itertuples():
        since = (row.valid_from - first).days
        until = (row.valid_to - first).days if row.valid_to is not None and row.valid_to == row.valid_to else 1 << 30
        if until < 0:
            continue
        on = (item == row.item) & (day >= since) & (day <= until)
        if on.any():
            found[on] = getattr(row, column)
    return found
