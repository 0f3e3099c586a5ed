"""A training small enough for a test."""

import numpy as np
import pandas as pd

from fraud.models.supervised import BoosterParameters, train_booster
from fraud.registry.records import RunRecord


def record(seed=7, entity="provider"):
    """Return the profiles of 120 invented providers and what a training on them leaves behind."""
    random = np.random.default_rng(seed)
    ids = [f"P{n:03}" for n in range(120)]
    values = pd.DataFrame(random.normal(size=(120, 3)), index=ids, columns=["visits_count", "amount_mean", "hhi"])
    booster = train_booster(values, values["hhi"] > 1, seed=seed, parameters=BoosterParameters(n_trees=5))
    card = {"mode": "labelled", "month": "2026-03", "window_months": 6, "as_of": "2026-04-01", "platt": None}
    return values, RunRecord(
        entity,
        booster,
        card,
        {"seed": seed},
        {"ap": 0.8, "ap_low": 0.7, "ap_high": 0.9},
        {"snapshot": "abc"},
        {"contributions": pd.DataFrame({"hhi": [0.5]}, index=["k1"])},
        {"summary": b"\x89PNG"},
    )
