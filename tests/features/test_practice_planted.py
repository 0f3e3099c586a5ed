"""Schemes planted in an invented city move the features of the practitioners behind them."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.synthetic import make_city, write_city
from features.build import build_profiles
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine

MOVED = {
    "H26": ("day_max_minutes", "day_mean_minutes", "days_over_16_hours_count", "patients_per_day_max_count"),
    "H37": ("sentinel_drug_share", "staff_share"),
    "T05": ("issued_after_fill_share", "prescription_without_visit_share", "prescriptions_per_day_max_count"),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> tuple[pd.DataFrame, pd.Series]:
    folder = tmp_path_factory.mktemp("planted")
    write_city(make_city(4000, 80, 3, "2026-01", 7, schemes=",".join(MOVED)), folder / "source")
    ingest_source(folder / "source", folder / "store")
    with DuckDBEngine(threads=2) as engine:
        values = build_profiles(ClaimsStore.open(folder / "store"), "2026-03", engine).practitioners.features
    truth = pd.read_parquet(folder / "source-truth" / "truth_practitioners.parquet")
    return values, truth.set_index("practitioner_id")["scheme_code"]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", MOVED)
def test_whoever_is_behind_a_scheme_stands_out_in_what_it_moves(planted, scheme: str) -> None:
    values, truth = planted
    behind = truth.index[truth == scheme]
    assert len(behind)
    # Rank among all practitioners with a value: 0.95 leaves one in twenty above.
    ranks = values[list(MOVED[scheme])].rank(pct=True)
    assert (ranks.loc[behind].max() > 0.95).all(), ranks.loc[behind].to_dict()


@pytest.mark.slow
def test_only_the_impossible_day_is_longer_than_a_day(planted) -> None:
    values, truth = planted
    beyond = values.index[values["days_over_24_hours_count"] > 0]
    assert list(beyond) == list(truth.index[truth == "H26"])
