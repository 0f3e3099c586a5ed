"""Duty rosters: who of a provider's colleagues works on which day of the week."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_WEEK = 7


@dataclass(frozen=True)
class Rosters:
    """Weeks of teams by their size: five working days each, six where there are two, every day for who is alone.

    Attributes
    ----------
    n_on : array
        How many are on duty, by size of the team and day of the week.
    member : array
        Who they are (0 is the first colleague), by size, day and turn.
    """

    n_on: npt.NDArray[np.int64]
    member: npt.NDArray[np.int64]

    @classmethod
    def up_to(cls, size: int) -> Rosters:
        """Draw up the weeks of all teams of at most so many."""
        n_on = np.zeros((size + 1, _WEEK), np.int64)
        member = np.zeros((size + 1, _WEEK, max(size, 1)), np.int64)
        for n in range(1, size + 1):
            for day in range(_WEEK):
                on = np.flatnonzero(~_is_off(np.arange(n), day, n))
                n_on[n, day] = len(on)
                member[n, day, : len(on)] = on
        return cls(n_on, member)

    def pick(
        self, size: npt.NDArray[np.int64], day: npt.NDArray[np.int64], turn: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """Return the member whose turn it is among those on duty; 0 for a team of nobody.

        Parameters
        ----------
        size, day, turn : array of int
            Size of the team; day, counted from any one; whose turn.
        """
        weekday = day % _WEEK
        return self.member[size, weekday, turn % np.maximum(self.n_on[size, weekday], 1)]


def _is_off(member: npt.NDArray[np.int64], day: int, n: int) -> npt.NDArray[np.bool_]:
    if n == 1:
        return np.zeros(len(member), bool)
    first = member * 2 % _WEEK
    off: npt.NDArray[np.bool_] = first == day
    return off if n == 2 else off | ((first + 1) % _WEEK == day)
