"""Visits opened together, and the drugs they prescribe to be filled elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Numbers = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Visits:
    """One element per visit: its draft, who came where, whom they saw, when, and the main diagnosis."""

    draft: Numbers
    person: Numbers
    provider: Numbers
    doctor: Numbers
    time: Numbers
    dx1: Numbers

    def __len__(self) -> int:
        return len(self.draft)


@dataclass(frozen=True)
class Prescribed:
    """Drugs that visits prescribe to be filled elsewhere.

    Attributes
    ----------
    visits : Visits
        Where they were prescribed.
    later : int
        Seconds from the visit to the prescription.
    row, item, packs : array
        One element per drug: the visit it belongs to, what, how many packs.
    """

    visits: Visits
    later: int
    row: Numbers
    item: Numbers
    packs: Numbers

    @classmethod
    def of(cls, visits: Visits, later: int, parts: Sequence[tuple[Numbers, Numbers, Numbers]]) -> Prescribed:
        """Put parts together, each with its rows, items and packs."""
        nothing = [(np.zeros(0, np.int64),) * 3]
        return cls(visits, later, *(np.concatenate(part) for part in zip(*(parts or nothing), strict=True)))
