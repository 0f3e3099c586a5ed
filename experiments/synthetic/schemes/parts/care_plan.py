"""What a ward orders for the stays that schemes invent: tests at admission and a regimen of drugs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.world.limits import strictest_limits

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.catalogue import Catalogue

REGIMEN = 10  # drugs given in rotation during a stay
_TEST_SHELVES = (("lab_basic", 0.85), ("lab_more", 0.5), ("ecg", 0.8), ("ultrasound", 0.4), ("ct", 0.35))


@dataclass(frozen=True)
class CarePlan:
    """What is ordered for stays: one row each, or one row that is copied to all.

    Attributes
    ----------
    tests : array of bool
        Tests at admission, by row and place on the list of `admission_tests`.
    drugs, doses : array
        Regimen by row: items of the ward's shelf and doses a day.
    n_drugs : array
        How many drugs of the row's regimen are given.
    """

    tests: npt.NDArray[np.bool_]
    drugs: npt.NDArray[np.int64]
    doses: npt.NDArray[np.int64]
    n_drugs: npt.NDArray[np.int64]

    @classmethod
    def draw(cls, catalogue: Catalogue, rng: np.random.Generator, rows: int) -> CarePlan:
        """Draw orders for so many stays."""
        share = np.concatenate([np.full(len(_tests(catalogue, name)), chance) for name, chance in _TEST_SHELVES])
        shelf = catalogue.group("inpatient")
        order = np.argsort(rng.random((rows, len(shelf))), axis=1)[:, :REGIMEN]
        doses = np.maximum(1, np.rint(rng.integers(1, 4, (rows, REGIMEN)) * rng.lognormal(0, 0.4, (rows, 1))))
        return cls(
            rng.random((rows, len(share))) < share,
            shelf[order],
            doses.astype(np.int64),
            rng.integers(4, REGIMEN + 1, rows),
        )

    def of(self, rows: npt.NDArray[np.int64]) -> CarePlan:
        """Give each stay a copy of one of the rows."""
        return CarePlan(self.tests[rows], self.drugs[rows], self.doses[rows], self.n_drugs[rows])


def admission_tests(catalogue: Catalogue) -> npt.NDArray[np.int64]:
    """Items of the tests that an admission may bring, in the order of `CarePlan.tests`."""
    return np.concatenate([_tests(catalogue, name) for name, _ in _TEST_SHELVES])


def _tests(catalogue: Catalogue, shelf: str) -> npt.NDArray[np.int64]:
    """Return the tests of a shelf that may be repeated at any time: the insurer's check stops the others."""
    tests = catalogue.group(shelf)
    bound = strictest_limits(catalogue)[["min_days_between", "frequency_max_count"]].iloc[tests].notna().any(axis=1)
    free: npt.NDArray[np.int64] = tests[~bound.to_numpy()]
    return free
