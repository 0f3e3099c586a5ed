"""Tables about drugs handed out: equal at any number of threads, and blind to what comes later."""

from __future__ import annotations

import pandas as pd
import pytest

from features.build import build_profiles
from features.catalogue import SECTIONS
from features.engine import DuckDBEngine
from tests.contracts.feature_data import feature_tables
from tests.support.claims import make_store
from tests.support.profiles import profiles_of
from tests.support.sales import SHOPS, line, sale


def test_eight_threads_say_what_one_says(tmp_path) -> None:
    store = make_store(tmp_path, feature_tables())
    built = []
    for threads in (1, 8):
        with DuckDBEngine(threads=threads) as engine:
            built.append(build_profiles(store, "2026-03", engine).providers.values)
    pd.testing.assert_frame_equal(*built, check_exact=True)


@pytest.mark.parametrize(
    ("table", "lost"),
    [
        ("trace_events", ("trace_repeat_share", "trace_missing_share")),
        ("prescriptions", ("filled_before_issue_share", "issued_top_shop_share", "filled_unknown_script_share")),
        ("stock_movements", ("stock_short_items_share", "stock_unbooked_share")),
        ("ref_items", ("drug_sentinel_share", "drug_quantity_at_cap_share")),
        ("practitioners", ("filled_no_authority_share",)),
    ],
)
def test_a_table_that_is_not_there_is_unknown(tmp_path, table: str, lost: tuple[str, ...]) -> None:
    tables = {name: rows for name, rows in feature_tables().items() if name != table}
    values = profiles_of(tmp_path, tables, "2026-03").providers.values
    assert values[list(lost)].isna().all(axis=None)
    assert values["counter_sales_per_open_day_ratio"].notna().any()


def test_a_script_is_filled_when_its_fill_is_known(tmp_path) -> None:
    sales = [sale("S1", "20 10:00:00", "P1"), sale("S2", "", "P1", settle_time="2026-02-02 10:00:00")]
    scripts = [
        {"prescription_id": f"Y{i}", "person_id": "P1", "issuing_provider_id": "C1", "prescriber_id": "D1"}
        | {"issue_time": f"2026-01-{day} 09:00:00", "dispense_settlement_id": f"S{i}"}
        for i, day in ((1, "20"), (2, "30"))
    ]
    tables = {"settlements": sales, "prescriptions": scripts, "providers": SHOPS}
    tables["claim_lines"] = [line(f"S{i}", "A", "9.00", prescription_id=f"Y{i}") for i in (1, 2)]
    store = make_store(tmp_path, tables)
    for month, n_fills in (("2026-01", 1), ("2026-02", 2)):
        with DuckDBEngine() as engine:
            values = build_profiles(store, month, engine).providers.values
        assert values.loc["R1", "filled_per_prescriber_ratio"] == n_fills


def test_pharmacies_have_a_section_of_their_own_in_the_profile_of_providers() -> None:
    assert {family.entity for family in SECTIONS["pharmacy"]} == {"provider"}
    assert sum(len(family.features) for family in SECTIONS["pharmacy"]) >= 40
