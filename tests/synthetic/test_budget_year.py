"""Admissions near the end of a hospital's budget year."""

import numpy as np
import pandas as pd

from experiments.synthetic.care.budget_year import has_year_end, strain, strained
from experiments.synthetic.world.world import make_world


def test_hospitals_near_their_budget_admit_less_in_december():
    world = make_world(8_000, 100, 3, "2025-10", 5)
    assert has_year_end(world)
    assert not has_year_end(make_world(400, 30, 2, "2026-01", 5))
    hospitals = world.places.of_kind("secondary", "township", "tertiary")
    last = np.full(len(hospitals), world.calendar.n_days - 1)  # 31 December
    assert (strain(world, hospitals, last - 40) == 0).all()
    assert (np.diff([strain(world, hospitals, last - back).mean() for back in range(34, -1, -1)]) >= 0).all()
    assert 0.2 < strain(world, hospitals, last).mean() < 0.8
    n = 20_000
    stays = pd.DataFrame({"provider": np.resize(hospitals, n), "day": world.calendar.n_days - 1, "days": 10})
    kept = strained(world, stays)
    assert 0.75 < len(kept) / n < 0.95
    assert 8 <= kept["days"].mean() < 10
    early = strained(world, stays.assign(day=10))
    assert len(early) == n
    assert (early["days"] == 10).all()
