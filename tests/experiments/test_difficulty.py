"""What simple columns give away: the measure itself, and the bound it must keep."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from experiments.studies.difficulty import BOUND, COLUMNS, SEEDS, measure_difficulty, simple_columns


def _city(seed: int, shift: float, n: int = 120) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    guilty = np.arange(n) % 8 == 0
    frame = pd.DataFrame({name: generator.normal(size=n) for name in COLUMNS})
    frame["drug_share"] += shift * guilty
    return frame.assign(provider_id=[f"V{i}" for i in range(n)], is_guilty=guilty, seed=seed)


def test_noise_gives_nothing_away_and_a_giveaway_column_everything() -> None:
    blind = measure_difficulty([_city(1, 0.0), _city(2, 0.0)], n_repeats=1, n_draws=50)
    assert 0.3 < blind.within.value < 0.7
    assert 0.3 < blind.across.value < 0.7
    seen = measure_difficulty([_city(1, 9.0), _city(2, 9.0)], n_repeats=1, n_draws=50)
    assert seen.within.value > 0.98
    assert seen.across.value > 0.98
    assert seen.columns.iloc[0]["column"] == "drug_share"
    assert (seen.n_providers, seen.n_guilty) == (240, 30)


def test_columns_are_those_of_the_contract_tables() -> None:
    city = simple_columns(1500, 40, 2, SEEDS[0])
    assert len(city) == 40
    known = city[city["n_settlements"] > 0]
    assert np.allclose(known["amount_per_settlement"] * known["n_settlements"], known["total_amount"])
    for name in ("fund_share", "drug_share", "account_share", "inpatient_share"):
        assert known[name].between(0, 1).all()


@pytest.mark.slow
def test_simple_columns_do_not_tell_the_guilty() -> None:
    found = measure_difficulty([simple_columns(80_000, 600, 6, seed) for seed in SEEDS[:3]])
    assert found.within.value <= BOUND
