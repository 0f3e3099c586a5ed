"""Presence of persons: nobody is treated outside while in hospital, or after death."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_SPAN = 10_000  # days; far beyond any window, so that person and day fit one number


@dataclass(frozen=True)
class Presence:
    """Stays of all persons in order, and the days of their deaths."""

    key: npt.NDArray[np.int64]
    last_day: npt.NDArray[np.int64]
    death_day: npt.NDArray[np.int64]

    @classmethod
    def of(cls, visits: pd.DataFrame, death_day: npt.NDArray[np.int64]) -> Presence:
        """Index the stays among the visits."""
        stays = visits[visits["is_stay"].to_numpy() & (visits["reverses"].to_numpy() < 0)]
        key = stays["person"].to_numpy() * _SPAN + stays["start"].to_numpy() // DAY + _SPAN // 4
        order = np.argsort(key, kind="stable")
        return cls(key[order], stays["end"].to_numpy()[order] // DAY, death_day)

    def is_free(self, person: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell for each person and day whether the person is alive and out of hospital."""
        if not len(self.key):
            alive: npt.NDArray[np.bool_] = day < self.death_day[person]
            return alive
        asked = person * _SPAN + day + _SPAN // 4
        place = np.searchsorted(self.key, asked, side="right") - 1
        same = (place >= 0) & (self.key[np.maximum(place, 0)] // _SPAN == person)
        inside = same & (self.last_day[np.maximum(place, 0)] >= day)
        free: npt.NDArray[np.bool_] = ~inside & (day < self.death_day[person])
        return free
