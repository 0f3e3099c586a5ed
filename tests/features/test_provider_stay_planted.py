"""Schemes around stays and single items raise features of the providers behind them: one city, with and without."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from experiments.synthetic import make_city, write_city
from features.build import build_profiles
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine

if TYPE_CHECKING:
    from pathlib import Path

RAISED = {
    "H01": ("together_share", "census_max_ratio", "bed_days_per_bed_ratio"),
    "H04": ("below_low_cost_share",),
    "H05": ("other_diagnosis_readmission_15d_share",),
    "H08": ("over_quantity_share",),
    "H10": ("unbundled_share", "excluded_pairs_share"),
    "H11": ("tests_per_settlement_ratio",),
    "H21": ("secondary_diagnoses_per_stay_ratio",),
    "H23": ("around_stays_money_ratio",),
    "P14": ("together_share", "one_diagnosis_stay_share"),
}


def _city(folder: Path, schemes: str) -> pd.DataFrame:
    write_city(make_city(8000, 240, 3, "2026-01", 7, schemes=schemes), folder / "source")
    ingest_source(folder / "source", folder / "store")
    with DuckDBEngine(threads=2) as engine:
        return build_profiles(ClaimsStore.open(folder / "store"), "2026-03", engine).providers.features


@pytest.fixture(scope="module")
def rise(tmp_path_factory) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("cities")
    planted, honest = _city(folder / "planted", ",".join(RAISED)), _city(folder / "honest", "none")
    truth = pd.read_parquet(folder / "planted" / "source-truth" / "truth_providers.parquet")
    return planted - honest.reindex(planted.index), truth[truth["provider_id"].isin(planted.index)]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", RAISED)
def test_a_scheme_raises_features_of_whoever_is_behind_it(rise, scheme: str) -> None:
    change, truth = rise
    behind = truth.loc[truth["scheme_code"] == scheme, "provider_id"]
    assert len(behind)
    found = change.loc[behind, list(RAISED[scheme])]
    assert (found.max() > 0).all(), found.to_dict()
