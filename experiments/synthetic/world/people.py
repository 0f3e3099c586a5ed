"""Insured persons: age, sex, insurance, chronic conditions, home, death."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import stream

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.world.geography import Geography

CONDITIONS = ("hypertension", "diabetes", "heart", "copd", "psychiatry", "oncology", "renal")
INSURANCE = ("employee", "resident")
CATEGORIES = ("employed", "retired", "resident", "student", "medical_aid")
NEVER = np.int64(1 << 40)

_AGE_SHARES = (0.16, 0.24, 0.21, 0.23, 0.12, 0.04)  # the 2020 census by the bands below, rounded
_AGE_EDGES = (0, 15, 35, 50, 65, 80, 97)
# Share with the condition by age band; the order of CONDITIONS.
_PREVALENCE = np.array(
    [
        (0.0, 0.0, 0.0, 0.0, 0.001, 0.0005, 0.0001),
        (0.01, 0.005, 0.001, 0.0, 0.006, 0.001, 0.0004),
        (0.10, 0.045, 0.012, 0.004, 0.01, 0.004, 0.0012),
        (0.28, 0.12, 0.06, 0.025, 0.014, 0.011, 0.0025),
        (0.46, 0.19, 0.17, 0.07, 0.018, 0.02, 0.004),
        (0.52, 0.2, 0.26, 0.1, 0.02, 0.018, 0.004),
    ]
)
_DEATH_RATE = np.array((0.0004, 0.0006, 0.0018, 0.007, 0.028, 0.11))  # a year


@dataclass(frozen=True)
class People:
    """Persons as arrays, by place number.

    `age_days` counts from birth to the first day of the window; `death_day` counts from that day and is NEVER for
    who lives on; `frailty` has mean one and a heavy tail.
    """

    age_days: npt.NDArray[np.int64]
    female: npt.NDArray[np.bool_]
    township: npt.NDArray[np.int64]
    insurance: npt.NDArray[np.int64]
    category: npt.NDArray[np.int64]
    conditions: npt.NDArray[np.bool_]
    frailty: npt.NDArray[np.float64]
    death_day: npt.NDArray[np.int64]
    household: npt.NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of persons."""
        return len(self.age_days)

    @property
    def age(self) -> npt.NDArray[np.int64]:
        """Age in full years on the first day of the window."""
        return self.age_days * 4 // 1461


def make_people(n_persons: int, geography: Geography, n_days: int, seed: int) -> People:
    """Invent the insured of the city."""
    rng = stream(seed, "people")
    band = rng.choice(len(_AGE_SHARES), n_persons, p=_AGE_SHARES)
    low, high = np.asarray(_AGE_EDGES)[band], np.asarray(_AGE_EDGES)[band + 1]
    years = low + (high - low) * rng.random(n_persons)
    female = rng.random(n_persons) < 0.488 + 0.0012 * np.maximum(years - 45, 0)
    shares = geography.townships["people_share"].to_numpy()
    township = rng.choice(len(shares), n_persons, p=shares)
    urban = (geography.townships["people_share"] > geography.townships["people_share"].median()).to_numpy()[township]
    at_work = (years >= 22) & (rng.random(n_persons) < np.where(urban, 0.48, 0.24))
    insurance = np.where(at_work, 0, 1)
    retired = at_work & (years >= 58)
    category = np.select([retired, at_work, years < 20, rng.random(n_persons) < 0.05], [1, 0, 3, 4], default=2).astype(
        np.int64
    )
    frailty = rng.gamma(1.6, 1 / 1.6, n_persons)
    chance = _PREVALENCE[band] * np.clip(frailty, 0.5, 2.0)[:, None]
    conditions = rng.random((n_persons, len(CONDITIONS))) < chance
    dies = rng.random(n_persons) < _DEATH_RATE[band] * np.clip(frailty, 0.4, 3.0) * n_days / 365
    death_day = np.where(dies, rng.integers(0, n_days, n_persons), NEVER)
    household = township * 1_000_000 + rng.integers(0, np.maximum(1, n_persons // 3), n_persons) % 999_983
    return People(
        (years * 365.25).astype(np.int64),
        female,
        township.astype(np.int64),
        insurance.astype(np.int64),
        category,
        conditions,
        frailty,
        death_day.astype(np.int64),
        household,
    )
