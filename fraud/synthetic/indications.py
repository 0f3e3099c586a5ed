"""For whom, where and for what an item is paid: honest doctors bill nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fraud.synthetic.bills import ENCOUNTERS
from fraud.synthetic.clock import DAY
from fraud.synthetic.limits import second_line, strictest_limits
from fraud.synthetic.people import INSURANCE

if TYPE_CHECKING:
    import numpy.typing as npt

    from fraud.synthetic.world import World

_RANKS = {"ungraded": 9, "primary": 1, "secondary": 2, "tertiary": 3}  # limits by level do not bind the ungraded
_YEAR = 365.2425
_MARGIN = 2  # days around a birthday on which nobody relies on the age


class Indications:
    """Limits of items by sex, age, diagnosis, level, insurance, kind of care, and what must have been tried before.

    Parameters
    ----------
    world : World
        Its catalogue and people.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        limits = strictest_limits(world.catalogue)
        codes = world.catalogue.diagnoses["code"].tolist()
        self._gender = limits["gender_limit"].map({"male": 0, "female": 1}).fillna(-1).to_numpy(np.int64)
        self._youngest = np.nan_to_num(limits["min_age_years"].to_numpy(float)) * _YEAR + _MARGIN
        self._youngest[np.isnan(limits["min_age_years"].to_numpy(float))] = -1
        self._oldest = np.where(
            np.isnan(limits["max_age_years"].to_numpy(float)),
            np.inf,
            (limits["max_age_years"].to_numpy(float) + 1) * _YEAR - _MARGIN,
        )
        self._rank = limits["min_provider_level"].map(_RANKS).fillna(0).to_numpy(np.int64)
        self._encounters = _allowed(limits["encounter_types"], ENCOUNTERS)
        self._insurance = _allowed(limits["insurance_types"], INSURANCE)
        self._diagnoses = np.array(
            [
                [pd.isna(text) or any(code.startswith(p) for p in str(text).split("|")) for code in codes]
                for text in limits["diagnosis_prefixes"]
            ]
        )
        self._second_line = second_line(world.catalogue)
        self._tried: set[tuple[int, int]] = set()

    def fit(self, visits: pd.DataFrame, lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
        """Tell for each line whether its item is paid for this person, here, for this.

        Parameters
        ----------
        visits : DataFrame
            The visit of each line, row by row.
        lines : DataFrame
            Lines of a month, in any order.
        """
        people, item = self._world.people, lines["item"].to_numpy()
        person = visits["person"].to_numpy()
        age_days = people.age_days[person] + lines["time"].to_numpy() // DAY
        level = self._world.places.providers["provider_level"].map(_RANKS).to_numpy(np.int64)
        gender = self._gender[item]
        fits: npt.NDArray[np.bool_] = (gender < 0) | (gender == people.female[person])
        fits &= (age_days >= self._youngest[item]) & (age_days < self._oldest[item])
        fits &= level[visits["provider"].to_numpy()] >= self._rank[item]
        fits &= self._encounters[item, visits["encounter"].to_numpy()]
        fits &= self._insurance[item, people.insurance[person]]
        fits &= self._indicated(visits, item)
        fits &= self._after_first_line(person, item, lines["time"].to_numpy())
        return fits

    def _indicated(self, visits: pd.DataFrame, item: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Any diagnosis of the bill will do; a bill without diagnoses cannot be judged."""
        dx = visits[["dx1", "dx2", "dx3"]].to_numpy().astype(np.int64)
        known = dx >= 0
        met = (self._diagnoses[item[:, None], np.maximum(dx, 0)] & known).any(axis=1)
        indicated: npt.NDArray[np.bool_] = met | ~known.any(axis=1)
        return indicated

    def _after_first_line(
        self, person: npt.NDArray[np.int64], item: npt.NDArray[np.int64], time: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.bool_]:
        fits = np.ones(len(item), bool)
        if not self._second_line:
            return fits
        first = sorted({place for before in self._second_line.values() for place in before})
        at = np.flatnonzero(np.isin(item, [*first, *self._second_line]))
        for place in at[np.argsort(time[at], kind="stable")].tolist():
            who, what = int(person[place]), int(item[place])
            before = self._second_line.get(what)
            if before is not None and not any((who, b) in self._tried for b in before):
                fits[place] = False
            else:
                self._tried.add((who, what))
        return fits


def _allowed(texts: pd.Series, names: tuple[str, ...]) -> npt.NDArray[np.bool_]:
    """Return a row per item and a column per name: true where the item's list has the name, or there is no list."""
    return np.array([[pd.isna(text) or name in str(text).split("|") for name in names] for text in texts])
