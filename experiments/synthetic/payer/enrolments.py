"""Enrolments: insured where and since when; most for years, some after another scheme or region, some join or leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.randomness import stream
from experiments.synthetic.world.people import INSURANCE, NEVER

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

_CHANGED_SCHEME = 0.06  # had the other insurance in the three years before the window
_MOVED = 0.02  # were insured in another region then
_JOINED, _LEFT = 0.02, 0.012  # in the window, if they have no claims before or after it
_YEARS = 16 * 365
_SETTLED_BEFORE = 100  # days before the window: stays reach back into it


def enrolments_table(
    world: World, who: Identity, visits: pd.DataFrame, beside: Sequence[tuple[int, int, int, int, int]] = ()
) -> pa.Table:
    """One row per person, insurance, region and start: no gap while there are claims, one at a time save `beside`.

    Parameters
    ----------
    world, who
        The city.
    visits : DataFrame
        All visits: person, start, settle (seconds).
    beside : sequence of tuple
        Insurances beside these: person, insurance, region, first and last day (NEVER while it lasts).
    """
    rng = stream(world.seed, "enrolments")
    people, n_days = world.people, world.calendar.n_days
    n = len(people)
    region = world.geography.townships["region"].to_numpy()[people.township]
    first_claim, last_claim = np.full(n, n_days), np.full(n, -1)
    person = visits["person"].to_numpy()
    np.minimum.at(first_claim, person, visits["start"].to_numpy() // 86_400)
    np.maximum.at(last_claim, person, visits["settle"].to_numpy() // 86_400)
    born = -people.age_days
    # Whoever has been in a scheme for years joined it at birth, when it began, or when they moved here.
    start = np.maximum(born, -rng.integers(_YEARS // 4, _YEARS, n))
    joins = (rng.random(n) < _JOINED) & (first_claim > 5) & (people.death_day == NEVER)
    start = np.where(joins, (1 + rng.random(n) * (first_claim - 2)).astype(np.int64), start)
    since = -rng.integers(_SETTLED_BEFORE, 3 * 365, n)
    luck = rng.random(n)
    grown = ~joins & (people.age >= 22) & (start < since - 30)
    changed, moved = grown & (luck < _CHANGED_SCHEME), grown & (luck > 1 - _MOVED)
    leaves = (rng.random(n) < _LEFT) & (last_claim < n_days - 5) & (people.death_day == NEVER) & ~joins
    left = np.maximum(last_claim, 0) + 2 + (rng.random(n) * (n_days - np.maximum(last_claim, 0) - 3)).astype(np.int64)
    end = np.where(leaves, left, np.where(people.death_day == NEVER, NEVER, people.death_day))
    end = np.maximum(end, last_claim)  # a bill may be settled some days after a death
    before = np.flatnonzero(changed | moved)
    n_regions = world.geography.capital
    elsewhere = (region + rng.integers(1, n_regions, n)) % n_regions
    rows = np.r_[before, np.arange(n)]
    earlier = np.arange(len(rows)) < len(before)
    insurance = np.where(earlier & changed[rows], 1 - people.insurance[rows], people.insurance[rows])
    place = np.where(earlier & moved[rows], elsewhere[rows], region[rows])
    begins = np.where(~earlier & (changed | moved)[rows], since[rows], start[rows])
    ends = np.where(earlier, since[rows] - 1, end[rows])
    more = np.array(list(beside), np.int64).reshape(-1, 5).T
    rows, insurance, place = (np.r_[own, added] for own, added in zip((rows, insurance, place), more[:3], strict=True))
    begins, ends = np.r_[begins, more[3]], np.r_[ends, more[4]]
    still = ends == NEVER
    epoch = world.calendar.epoch
    table = pa.table(
        {
            "person_id": arrow.codes(who.persons, rows),
            "insurance_type": arrow.codes(INSURANCE, insurance),
            "region_code": arrow.codes(world.geography.regions["region_code"].tolist(), place),
            "start_date": arrow.days(begins, epoch),
            "end_date": arrow.days(np.where(still, 0, ends), epoch, still),
        }
    )
    return table.sort_by([("person_id", "ascending"), ("start_date", "ascending")])
