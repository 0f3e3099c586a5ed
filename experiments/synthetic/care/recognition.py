"""Mutual recognition: who was scanned elsewhere some days ago, for the same illness, is not scanned again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.world import World

_DAYS = 7  # a result is as good as new for so long
_GROUPS = ("ct", "ct_whole", "ct_part", "mri", "mri_lumbar")
_CATEGORY = 3  # characters of a diagnosis that tell the illness
_ILLNESSES = ["dx1", "dx2", "dx3"]


class Recognition:
    """Refuses scans of outpatients whose result another place has; months must come in order.

    Parameters
    ----------
    world : World
        The city whose bills are checked.
    """

    def __init__(self, world: World) -> None:
        catalogue = world.catalogue
        self._items = np.concatenate([catalogue.group(name) for name in _GROUPS])
        self._n_items = len(catalogue.items)
        self._category = catalogue.diagnoses["code"].str[:_CATEGORY].astype("category").cat.codes.to_numpy(np.int64)
        self._known: pd.DataFrame | None = None

    def admits(self, lines: pd.DataFrame, visits: pd.DataFrame, row: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell which lines may be billed; `row` is the place of each line's visit."""
        place = np.flatnonzero(np.isin(lines["item"].to_numpy(), self._items))
        own = visits.iloc[row[place]]
        scans = pd.DataFrame(
            {
                "key": own["person"].to_numpy() * self._n_items + lines["item"].to_numpy()[place],
                "time": lines["time"].to_numpy()[place],
                "provider": own["provider"].to_numpy(),
                "is_stay": own["is_stay"].to_numpy(bool),
                "place": place,
                **{name: self._illness(own[name].to_numpy()) for name in _ILLNESSES},
            }
        )
        every = scans if self._known is None else pd.concat([self._known, scans])
        every = every.sort_values(["key", "time"], kind="stable", ignore_index=True)
        before = every.shift()
        near = (before["key"] == every["key"]) & (every["time"] // DAY - before["time"] // DAY <= _DAYS)
        alike = np.zeros(len(every), bool)
        for first in _ILLNESSES:
            for later in _ILLNESSES:
                alike |= ((before[first] == every[later]) & (every[later] >= 0)).to_numpy()
        refused = near.to_numpy() & (before["provider"] != every["provider"]).to_numpy() & alike
        refused &= ~every["is_stay"].to_numpy(bool) & (every["place"] >= 0).to_numpy()
        fits = np.ones(len(lines), bool)
        fits[every["place"].to_numpy()[refused]] = False
        self._known = every.assign(place=-1)  # all of it: stays of a month have scans of the next
        return fits

    def _illness(self, diagnosis: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        return np.where(diagnosis >= 0, self._category[diagnosis], -1)
