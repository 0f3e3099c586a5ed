"""Days of guilty visits: people come back after some weeks, some weeks nothing happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

_PAUSED = 0.13  # share of weeks without


def returning(
    rng: np.random.Generator, patients: npt.NDArray[np.int64], n: int, span: tuple[int, int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Spread visits over patients and days.

    Parameters
    ----------
    rng : Generator
        Of the scheme.
    patients : array
        Who comes; all equally often, give or take one visit.
    n : int
        Number of visits.
    span : tuple of int
        First and last day.

    Returns
    -------
    tuple of array
        Person and day of each visit. The visits of a person keep some distance, and whole weeks are left out.

    Examples
    --------
    >>> person, day = returning(np.random.default_rng(1), np.array([5, 6]), 4, (0, 99))
    >>> person.tolist(), bool((day[2:] > day[:2]).all())
    ([5, 6, 5, 6], True)
    """
    first, last = span
    days = np.arange(first, last + 1)
    pause = rng.random((last - first) // 7 + 1) < _PAUSED
    pause[0] = False
    days = days[~pause[(days - first) // 7]]
    turn = np.arange(n) // len(patients)
    place = (turn + rng.random(n)) / (turn.max() + 1)
    return patients[np.arange(n) % len(patients)], days[(place * len(days)).astype(np.int64)]
