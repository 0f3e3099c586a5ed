"""What holds of every feature on a small city: equal at any number of threads, finite, shares within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from features.build import build_profiles
from features.catalogue import features
from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from features.vocabulary.entities import PROFILED

if TYPE_CHECKING:
    from features.build import Profiles

FEWEST_LINES = 20_000


@pytest.fixture(scope="module")
def at(ingested) -> dict[int, Profiles]:
    store = ClaimsStore.open(ingested.store)
    built = {}
    for threads in (1, 2, 8):
        with DuckDBEngine(threads=threads) as engine:
            built[threads] = build_profiles(store, store.months()[-1], engine)
    return built


def test_the_city_is_large_enough_to_be_split_between_threads(ingested) -> None:
    parts = ClaimsStore.open(ingested.store).catalog.tables["claim_lines"]
    assert sum(part.rows for part in parts) >= FEWEST_LINES


@pytest.mark.parametrize("threads", [2, pytest.param(8, marks=pytest.mark.slow)])
@pytest.mark.parametrize("entity", PROFILED)
def test_threads_change_nothing(at, entity: str, threads: int) -> None:
    one, many = at[1].of(entity), at[threads].of(entity)
    pd.testing.assert_frame_equal(one.features, many.features, check_exact=True)
    pd.testing.assert_frame_equal(one.peers.distance, many.peers.distance, check_exact=True)


@pytest.mark.parametrize("entity", PROFILED)
def test_values_are_finite_and_shares_lie_between_zero_and_one(at, entity: str) -> None:
    values = at[1].of(entity).features
    assert not np.isinf(values.to_numpy()).any()
    shares = [name for name, feature in features(entity).items() if feature.unit == "share"]
    outside = values[shares].lt(0).any() | values[shares].gt(1).any()
    assert list(outside[outside].index) == []
    counts = values[[name for name, feature in features(entity).items() if feature.unit == "count"]]
    assert (counts.isna() | (counts % 1 == 0)).all(axis=None)
