"""Days of stays: one element per stay and day that is followed by a night, and lines charged on some of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.synthetic.care.bills import NONE, Bills
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from experiments.synthetic.world.clock import Month
    from experiments.synthetic.world.world import World


def beginning(stays: pd.DataFrame, kind: int, month: Month) -> pd.DataFrame:
    """Return the stays of a kind that begin in a month; the first month has those that began before the window too."""
    day = stays["start"].to_numpy() // DAY
    begins = (day <= month.last_day) & ((day >= month.first_day) | (month.number == 0))
    return stays[begins & (stays["kind"] == kind).to_numpy()].reset_index(drop=True)


def draw_beds(world: World, rng: np.random.Generator, provider: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Draw a bed number among those that each hospital is licensed for."""
    beds = np.maximum(world.places.providers["licensed_beds"].to_numpy()[provider], 1)
    bed: npt.NDArray[np.int64] = (rng.random(len(provider)) * beds).astype(np.int64) + 1
    return bed


@dataclass(frozen=True)
class StayDays:
    """Stays spread over their days.

    Attributes
    ----------
    bills, rng : Bills, Generator
        Where lines are written, with which luck.
    draft, doctor, start, end : array
        One element per stay.
    of, number, day : array
        One element per day: the stay it belongs to, its number in the stay from 0, the day of the city's life.
    """

    bills: Bills
    rng: np.random.Generator
    draft: npt.NDArray[np.int64]
    doctor: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]

    @classmethod
    def spread(
        cls,
        bills: Bills,
        rng: np.random.Generator,
        *,
        draft: npt.NDArray[np.int64],
        doctor: npt.NDArray[np.int64],
        start: npt.NDArray[np.int64],
        end: npt.NDArray[np.int64],
    ) -> StayDays:
        """Spread stays over their days."""
        nights = end // DAY - start // DAY
        of = np.repeat(np.arange(len(draft)), nights)
        number = np.arange(len(of)) - np.repeat(np.cumsum(nights) - nights, nights)
        return cls(bills, rng, draft, doctor, start, end, of, number, start[of] // DAY + number)

    def __len__(self) -> int:
        return len(self.of)

    @property
    def every(self) -> npt.NDArray[np.bool_]:
        """All days on."""
        return np.ones(len(self.of), bool)

    def luck(self) -> npt.NDArray[np.float64]:
        """Draw once for every day."""
        return self.rng.random(len(self.of))

    def within(self, rows: npt.NDArray[np.int64], time: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Keep times of some stays ten minutes clear of admission and discharge."""
        return np.clip(time, self.start[rows] + 600, self.end[rows] - 600)

    def charge(self, item: Any, on: npt.NDArray[np.bool_], hour: float, executor: Any = NONE, **more: Any) -> None:
        """Write one line on each of the days that are on, at about that hour but within the stay.

        Parameters
        ----------
        item, executor : int or array
            For all days or one by one.
        on : array of bool
            One element per day.
        hour : float
            Of the day.
        **more
            Columns of the lines, one element per day that is on.
        """
        rows = self.of[on]
        time = self.day[on] * DAY + int(hour * HOUR) + self.rng.integers(0, 2_400, len(rows))
        chosen, who = (part if np.ndim(part) == 0 else np.asarray(part)[on] for part in (item, executor))
        self.bills.charge(
            self.draft[rows], chosen, self.within(rows, time), prescriber=self.doctor[rows], executor=who, **more
        )
