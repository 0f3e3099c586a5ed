"""The same statements on Spark: every value of every family, on a city of fifty thousand lines."""

import numpy as np
import pandas as pd
import pytest

from experiments.synthetic import make_city, write_city
from features.build import build_profiles
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.engine.spark_engine import SparkEngine
from features.facts import FACTS
from features.vocabulary.entities import PROFILED

# PySpark leaves its sockets to the garbage collector.
SOCKETS = "ignore:Exception ignored in. <socket:pytest.PytestUnraisableExceptionWarning"
pytestmark = [pytest.mark.spark, pytest.mark.filterwarnings(SOCKETS)]
N_MONTHS, MONTH = 2, "2026-02"
# Sums of doubles and logarithms may differ in their last bits; everything else is equal.
TOLERANCE = 1e-9


@pytest.fixture(scope="module")
def both(spark, tmp_path_factory):
    """The store, both engines' profiles, and where their facts lie."""
    root = tmp_path_factory.mktemp("city")
    city = make_city(4_500, 100, N_MONTHS, "2026-01", 7, schemes="all")
    assert 45_000 < city.tables["claim_lines"].num_rows < 60_000
    write_city(city, root / "source")
    ingest_source(root / "source", root / "store")
    store = ClaimsStore.open(root / "store")
    with DuckDBEngine(threads=2) as engine:
        embedded = build_profiles(store, MONTH, engine, facts_folder=root / "facts")
    with SparkEngine(spark, root / "scratch") as engine:
        distributed = build_profiles(store, MONTH, engine, facts_folder=root / "facts")
    return store, embedded, distributed, root


@pytest.mark.parametrize("entity", PROFILED)
def test_every_value_is_the_same(both, entity):
    _, embedded, distributed, _ = both
    one, other = embedded.of(entity).features, distributed.of(entity).features
    assert list(one.index) == list(other.index)
    assert list(one.columns) == list(other.columns)
    x, y = one.to_numpy(), other.to_numpy()
    is_far = (np.isnan(x) != np.isnan(y)) | (np.abs(x - y) > TOLERANCE * np.maximum(1, np.abs(x)))
    assert not is_far.any(), list(one.columns[is_far.any(axis=0)])


@pytest.mark.parametrize("entity", PROFILED)
def test_registers_and_peer_groups_are_the_same(both, entity):
    _, embedded, distributed, _ = both
    pd.testing.assert_frame_equal(embedded.of(entity).attributes, distributed.of(entity).attributes)
    pd.testing.assert_series_equal(embedded.of(entity).peers.group, distributed.of(entity).peers.group)


def test_each_engine_keeps_facts_of_its_own_and_nothing_else_is_left(both):
    *_, root = both
    kept = list((root / "facts").glob("*/*.parquet"))
    assert sum(path.is_dir() for path in kept) == sum(path.is_file() for path in kept) == N_MONTHS * len(FACTS)
    assert not list((root / "scratch").iterdir())


def test_facts_that_are_kept_are_not_made_again(both, spark):
    store, _, distributed, root = both

    class Strict(SparkEngine):
        def write_parquet(self, *_):
            raise AssertionError("a fact was made again")

    from features.facts.keep import ensure_facts

    with Strict(spark, root / "scratch") as engine:
        ensure_facts(store, engine, distributed.months, root / "facts")
        ((n,),) = engine.rows("select count(*) from settlement_facts")
    assert n > 0
