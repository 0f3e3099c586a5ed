"""Schemes planted in an invented city move the features of the providers behind them."""

from __future__ import annotations

import pandas as pd
import pytest

from experiments.synthetic import make_city, write_city
from features.build import build_profiles
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine

HIGH = {
    "R01": ("commonest_visit_sum_share",),
    "R11": ("manual_override_share", "override_favour_share"),
    # The baskets are cheap enough for the till not to ask: how they are bought shows, not what they cost.
    "P06": ("same_sum_same_day_share", "counter_bundled_cards_share", "counter_repeated_basket_share"),
    "P07": ("nothing_collected_share",),
    "P14": ("unpaid_stay_share",),
    "H37": ("staff_households_money_share",),
    "D-45": ("signed_unseen_share",),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory) -> tuple[pd.DataFrame, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("planted")
    write_city(make_city(6000, 120, 3, "2026-01", 7, schemes=",".join(HIGH)), folder / "source")
    ingest_source(folder / "source", folder / "store")
    with DuckDBEngine(threads=2) as engine:
        profile = build_profiles(ClaimsStore.open(folder / "store"), "2026-03", engine).providers
    truth = pd.read_parquet(folder / "source-truth" / "truth_providers.parquet")
    kinds = profile.attributes["provider_type"].isin(["retail_pharmacy", "dual_channel_pharmacy"])
    # Rank among all pharmacies, or all others, with a value.
    ranks = profile.features.groupby(kinds).rank(pct=True)
    return ranks, truth[truth["provider_id"].isin(ranks.index)]


@pytest.mark.slow
@pytest.mark.parametrize("scheme", HIGH)
def test_whoever_is_behind_a_scheme_stands_out_in_what_it_moves(planted, scheme: str) -> None:
    ranks, truth = planted
    behind = truth.loc[truth["scheme_code"] == scheme, "provider_id"]
    assert len(behind)
    found = ranks.loc[behind, list(HIGH[scheme])]
    assert (found.max() > 0.9).all(), found.to_dict()
