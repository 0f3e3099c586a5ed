"""What the values of every feature promise: no order, no future, no scale, refunds netted, one claim enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from features.build import build_profiles
from features.catalogue import features
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.facts import FACTS
from features.vocabulary.entities import PROFILED
from tests.contracts.feature_data import feature_tables, settlement
from tests.support.claims import complete, make_store, write_source
from tests.support.profiles import profiles_of

if TYPE_CHECKING:
    from features.build import Profiles

MONTH = "2026-03"
TIMES = 3
# A round sum is one in the currency's own units.
NOT_OF_SCALE = {"just_below_round_share"}
# Rounded to whole minor units on the way: of a sum, or of each stay's day.
ROUNDED = {
    **dict.fromkeys(("billed_to_expected_ratio", "stock_gap_amount_share"), 1e-5),
    **dict.fromkeys(("stay_day_mean_amount", "stay_day_max_amount", "stay_day_spread_ratio"), 5e-4),
}


def _assert_same(one: Profiles, two: Profiles, *, but: frozenset[str] = frozenset()) -> None:
    for entity in PROFILED:
        before, after = one.of(entity).features, two.of(entity).features
        kept = [name for name in before.columns if name not in but]
        pd.testing.assert_frame_equal(before[kept], after[kept], check_exact=True)


def test_the_order_of_rows_changes_nothing(full, tmp_path) -> None:
    turned = {name: rows[::-1] for name, rows in feature_tables().items()}
    _assert_same(full, profiles_of(tmp_path, turned, MONTH, threads=2))


@pytest.mark.slow
def test_later_months_change_nothing(full, tmp_path) -> None:
    early = profiles_of(tmp_path / "early", feature_tables(months=(1, 2)), "2026-02")
    with DuckDBEngine(threads=1) as engine:
        late = build_profiles(make_store(tmp_path / "late", feature_tables()), "2026-02", engine)
    _assert_same(early, late)
    assert full.months != late.months


@pytest.mark.slow
def test_a_window_leaves_earlier_months_alone(tmp_path) -> None:
    alone = profiles_of(tmp_path / "alone", feature_tables(months=(2, 3)), MONTH, window_months=2)
    _assert_same(alone, profiles_of(tmp_path / "all", feature_tables(), MONTH, window_months=2))


@pytest.mark.slow
def test_an_empty_month_in_the_window_is_none(tmp_path) -> None:
    values = profiles_of(tmp_path, feature_tables(months=(1, 3)), MONTH)
    assert values.months == ("2026-01", "2026-03")
    for entity in PROFILED:
        assert np.isfinite(values.of(entity).features.to_numpy()[~values.of(entity).features.isna().to_numpy()]).all()


def test_a_reversed_settlement_leaves_only_its_refund_share(full, tmp_path) -> None:
    tables = feature_tables()
    extra = settlement(1, settlement_id="X1", total_amount="50.00", fund_paid_amount="50.00", cash_paid_amount="0.00")
    back = extra | {"settlement_id": "X2", "is_reversal": "true", "original_settlement_id": "X1"}
    back |= {name: f"-{extra[name]}" for name in extra if name.endswith("paid_amount") or name == "total_amount"}
    back |= {name: f"-{extra[name]}" for name in ("deductible_amount", "in_scope_amount")}
    tables["settlements"] += [extra, back]
    line = {"line_number": 1, "item_code": "I9", "item_type": "service", "days_supply": 7}
    tables["claim_lines"] += [
        line | {"settlement_id": "X1", "amount": "50.00"},
        line | {"settlement_id": "X2", "amount": "-50.00", "quantity": "-1"},
    ]
    _assert_same(full, profiles_of(tmp_path, tables, MONTH), but=frozenset({"refund_share"}))


def _times(tables: dict[str, Any], times: int) -> dict[str, pd.DataFrame]:
    """Multiply every sum of money in the tables, prices and ceilings among them."""
    scaled = complete(tables)
    for frame in scaled.values():
        for column in frame.columns:
            if column.endswith("_amount") or column in {"amount", "unit_price"}:
                money = pd.to_numeric(frame[column])
                frame[column] = (money * times).map("{:.2f}".format).where(money.notna(), None)
    return scaled


@pytest.mark.slow
def test_money_in_other_units_scales_sums_and_nothing_else(full, tmp_path) -> None:
    scaled = profiles_of(tmp_path, _times(feature_tables(), TIMES), MONTH)
    faults = []
    for entity in PROFILED:
        for name, feature in features(entity).items():
            if name in NOT_OF_SCALE:
                continue
            before, after = full.of(entity).features[name], scaled.of(entity).features[name]
            expected = before * TIMES if feature.unit == "currency" else before
            near = np.isclose(after, expected, rtol=ROUNDED.get(name, 1e-12), atol=1e-9, equal_nan=True)
            if not near.all():
                faults.append(f"{entity}.{name}: {before[~near].iloc[0]} became {after[~near].iloc[0]}")
    assert not faults, "\n".join(faults)


def test_times_without_an_hour_are_no_night(tmp_path) -> None:
    rows = [{"settlement_id": "S1", "settle_time": "2026-01-05 00:00:00", "attending_practitioner_id": "D1"}]
    profiles = profiles_of(tmp_path, {"settlements": rows})
    for entity in PROFILED:
        assert profiles.of(entity).features["off_hours_share"].isna().all(), entity


def test_a_reversal_in_a_later_month_nets_what_it_cancels(tmp_path) -> None:
    kept = {"settlement_id": "S1", "settle_time": "2026-01-05 10:00:00"}
    wrong = {"settlement_id": "S2", "settle_time": "2026-01-06 10:00:00"}
    back = {"settlement_id": "S3", "settle_time": "2026-03-02 10:00:00", "is_reversal": "true"}
    lines = [{"settlement_id": s, "amount": a} for s, a in (("S1", "30.00"), ("S2", "50.00"), ("S3", "-50.00"))]
    rows = [{"attending_practitioner_id": "D1"} | row for row in (kept, wrong, back | {"original_settlement_id": "S2"})]
    tables = {"settlements": rows, "claim_lines": lines}
    profiles = profiles_of(tmp_path, tables, "2026-03")
    for entity in PROFILED:
        (values,) = profiles.of(entity).features.to_dict("records")
        assert (values["settlements_count"], values["billed_amount"]) == (1, 30.00), entity


@pytest.mark.parametrize(
    "number",
    [0, *(pytest.param(number, marks=pytest.mark.slow) for number in (1, 2))],
    ids=["a stay", "a sale", "a visit"],
)
def test_one_claim_is_enough_to_be_built_and_too_little_for_a_quantile(number: int, tmp_path) -> None:
    tables = feature_tables()
    for name in ("settlements", "claim_lines", "diagnoses", "procedures", "drg_assignments", "stay_leaves"):
        tables[name] = [row for row in tables.get(name, []) if row["settlement_id"] == f"S{number:03d}"]
    for name in ("trace_events", "referrals", "prescriptions"):
        column = "dispense_settlement_id" if name == "prescriptions" else "settlement_id"
        tables[name] = [row for row in tables[name] if row.get(column) == f"S{number:03d}"]
    built = profiles_of(tmp_path, {name: rows for name, rows in tables.items() if rows}, f"2026-{1 + number % 3:02d}")
    for entity in PROFILED:
        values = built.of(entity).features
        assert len(values) == 1 or entity == "practitioner"
        assert not np.isinf(values.to_numpy()).any()
        shares = values[[name for name, feature in features(entity).items() if feature.unit == "share"]]
        assert (shares.isna() | ((shares >= 0) & (shares <= 1))).all(axis=None)
    few = ["settlement_median_amount", "settlement_p90_amount", "busiest_day_share"]
    assert built.providers.features[few].isna().all(axis=None)


def test_a_new_month_reads_its_own_lines_only(full, tmp_path, monkeypatch) -> None:
    store, folder = make_store(tmp_path, feature_tables()), tmp_path / "facts"
    with DuckDBEngine(threads=1) as engine:
        build_profiles(store, "2026-02", engine, facts_folder=folder)
    for part in store.catalog.tables["claim_lines"]:
        if part.month != MONTH:
            file = store.folder / part.file
            pq.write_table(pq.read_table(file).slice(0, 0), file)
    # What the changed parts hold is not what their names say.
    monkeypatch.setattr("features.claims.store.store.refuse_damaged", lambda *_: None)
    with DuckDBEngine(threads=1) as engine:
        _assert_same(full, build_profiles(store, MONTH, engine, facts_folder=folder))


def test_a_month_is_read_once_and_a_corrected_one_alone_is_read_again(tmp_path) -> None:
    store, folder = make_store(tmp_path, feature_tables()), tmp_path / "facts"

    def build() -> set[str]:
        with DuckDBEngine(threads=1) as engine:
            build_profiles(ClaimsStore.open(store.folder), MONTH, engine, facts_folder=folder)
        return {path.name for path in folder.rglob("*.parquet")}

    first = build()
    assert build() == first
    late = {"settlements": [settlement(500, settle_time="2026-02-20 10:00:00", encounter_type="outpatient")]}
    ingest_source(write_source(tmp_path / "late", late), store.folder)
    second = build()
    assert len(second) == len(first) == 3 * len(FACTS)
    assert len(second - first) == len(first - second) == len(FACTS)
    assert {name[:7] for name in second ^ first} == {"2026-02"}
