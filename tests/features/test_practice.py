"""Whose a line is, what counts as being there, and whom a practitioner is compared with."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from features.build import build_profiles
from features.catalogue import features
from features.claims import ClaimsStore, ingest_source
from features.engine import DuckDBEngine
from features.facts import FACTS
from tests.support.claims import make_store, write_source
from tests.support.profiles import profiles_of


def _values(folder, tables: dict[str, Any], month: str = "2026-01", **given: Any) -> pd.DataFrame:
    return profiles_of(folder, tables, month, **given).practitioners.features


def test_a_line_is_its_executors_else_its_orderers_else_the_attending_practitioners(tmp_path) -> None:
    lines = [
        {"settlement_id": "S1", "line_number": 1, "amount": "1.00", "prescriber_id": "D2", "executor_id": "D3"},
        {"settlement_id": "S1", "line_number": 2, "amount": "2.00", "prescriber_id": "D2", "executor_id": None},
        {"settlement_id": "S1", "line_number": 3, "amount": "4.00", "prescriber_id": None, "executor_id": None},
    ]
    settlements = [{"settlement_id": "S1", "attending_practitioner_id": "D1"}]
    values = _values(tmp_path, {"settlements": settlements, "claim_lines": lines})
    assert values["billed_amount"].to_dict() == {"D1": 4.00, "D2": 2.00, "D3": 1.00}
    # What they order: D2 the first two lines, the attending D1 the third.
    assert values["ordered_per_settlement_amount"].dropna().to_dict() == {"D1": 4.00, "D2": 3.00}


def test_a_refund_takes_from_whoever_did_the_line_and_what_is_left_stays(tmp_path) -> None:
    line = {"settlement_id": "S1", "executor_id": "D2"}
    lines = [
        line | {"line_number": 1, "amount": "40.00", "quantity": "4"},
        line | {"line_number": 2, "amount": "-10.00", "quantity": "-1", "original_line_number": 1, "executor_id": None},
    ]
    tables = {
        "settlements": [{"settlement_id": "S1", "attending_practitioner_id": "D1"}],
        "claim_lines": lines,
        "ref_items": [{"item_code": "I1", "standard_minutes": "15"}],
    }
    names = ["billed_amount", "claim_lines_count", "day_max_minutes"]
    values = _values(tmp_path, tables)
    assert list(values.loc["D2", names]) == [30.00, 1, 3 * 15]
    assert values.loc["D1", "billed_amount"] == 0


def _ward(number: str, *days: int, **line: Any) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    settlement = {
        "settlement_id": number,
        "settle_time": "2026-01-20 12:00:00",
        "encounter_type": "inpatient",
        "admit_time": "2026-01-12 08:00:00",
        "discharge_time": "2026-01-15 09:00:00",
        "service_start_date": "2026-01-12",
        "service_end_date": "2026-01-15",
        "attending_practitioner_id": "D1",
    }
    lines = [
        {"settlement_id": number, "line_number": k, "amount": "10.00", "fee_time": f"2026-01-{day} 08:00:00"} | line
        for k, day in enumerate(days, 1)
    ]
    return settlement, lines


def test_standing_orders_of_a_ward_are_no_presence_and_what_is_executed_there_is(tmp_path) -> None:
    orders, ordered = _ward("S1", 12, 13, 14, prescriber_id="D1", executor_id=None)
    rounds, done = _ward("S2", 13, 14, prescriber_id="D1", executor_id="D2")
    tables = {"settlements": [orders, rounds], "claim_lines": [*ordered, *done]}
    values = _values(tmp_path, tables)
    assert pd.isna(values.loc["D1", "active_days_count"])
    assert values.loc["D2", "active_days_count"] == 2
    assert values.loc["D1", "claim_lines_count"] == 3


def test_lines_of_a_stay_posted_on_one_day_say_nothing_of_that_day(tmp_path) -> None:
    catalogue = [{"item_code": "I1", "standard_minutes": "60"}]
    settlement, posted = _ward("S1", *[15] * 30, executor_id="D2")
    values = _values(tmp_path / "posted", {"settlements": [settlement], "claim_lines": posted, "ref_items": catalogue})
    assert pd.isna(values.loc["D2", "day_max_minutes"])
    settlement, dated = _ward("S1", 12, *[15] * 29, executor_id="D2")
    values = _values(tmp_path / "dated", {"settlements": [settlement], "claim_lines": dated, "ref_items": catalogue})
    # 29 lines of an hour on the 15th.
    assert values.loc["D2", "day_max_minutes"] == 29 * 60
    assert values.loc["D2", "days_over_24_hours_count"] == 1


def test_minutes_are_those_of_the_catalogue_of_the_day(tmp_path) -> None:
    rows = [
        {"settlement_id": f"S{day}", "settle_time": f"2026-01-{day} 10:00:00", "attending_practitioner_id": "D1"}
        for day in (10, 20)
    ]
    catalogue = [
        {"item_code": "I1", "valid_from_date": "2025-01-01", "valid_to_date": None, "standard_minutes": "10"},
        {"item_code": "I1", "valid_from_date": "2026-01-15", "valid_to_date": None, "standard_minutes": "30"},
    ]
    values = _values(tmp_path, {"settlements": rows, "ref_items": catalogue})
    assert values.loc["D1", "day_mean_minutes"] == pytest.approx((10 + 30) / 2)


def test_a_changed_catalogue_rewrites_what_reads_it_and_nothing_else(tmp_path) -> None:
    tables = {
        "settlements": [{"settlement_id": "S1", "attending_practitioner_id": "D1"}],
        "ref_items": [{"item_code": "I1", "valid_from_date": "2025-01-01", "standard_minutes": "10"}],
    }
    store, folder = make_store(tmp_path, tables), tmp_path / "facts"

    def build() -> tuple[set[str], float]:
        with DuckDBEngine(threads=1) as engine:
            built = build_profiles(ClaimsStore.open(store.folder), "2026-01", engine, facts_folder=folder)
        files = {str(path.relative_to(folder)) for path in folder.rglob("*.parquet")}
        return files, float(built.practitioners.features.loc["D1", "day_max_minutes"])

    before, minutes = build()
    later = {"item_code": "I1", "valid_from_date": "2026-01-01", "standard_minutes": "25"}
    source = write_source(tmp_path / "later", {"ref_items": [later]})
    for path in source.glob("*.csv"):
        if path.stem != "ref_items":
            path.unlink()
    ingest_source(source, store.folder)
    after, changed = build()
    assert (minutes, changed) == (10, 25)
    readers = {fact.name for fact in FACTS if "ref_items" in fact.registers}
    assert "work_facts" in readers
    assert {name.split("/")[0] for name in after - before} == readers


def test_teams_are_compared_with_teams_and_the_rest_by_specialty_kind_and_level(tmp_path) -> None:
    register = [
        {"practitioner_id": f"D{i}", "provider_id": "H1", "specialty": "internal" if i < 3 else "surgery"}
        | {"is_team_identifier": str(i == 5).lower()}
        for i in range(6)
    ]
    tables = {
        "settlements": [{"settlement_id": f"S{i}", "attending_practitioner_id": f"D{i}"} for i in range(6)],
        "practitioners": register,
        "providers": [{"provider_id": "H1", "provider_type": "hospital", "provider_level": "tertiary"}],
    }
    store = make_store(tmp_path, tables)
    with DuckDBEngine(threads=1) as engine:
        peers = build_profiles(store, "2026-01", engine, min_peers=3).practitioners.peers
    # Three of internal medicine make a group; two surgeons are too few; the team stands alone.
    internal = "internal · hospital · tertiary"
    assert list(peers.group) == [internal, internal, internal, "all", "all", "team"]
    assert peers.n.loc["D5", "settlements_count"] == 1


def test_a_number_shared_by_many_makes_no_family(tmp_path) -> None:
    def share(folder, n: int) -> float:
        persons = [{"person_id": f"P{i}", "phone_hash": "same"} for i in range(n)]
        rows = [{"settlement_id": "S1", "person_id": "P1", "attending_practitioner_id": "D1"}]
        register = [{"practitioner_id": "D1", "person_id": "P0"}]
        return float(
            _values(folder, {"settlements": rows, "persons": persons, "practitioners": register}).loc["D1", "kin_share"]
        )

    assert share(tmp_path / "family", 12) == 1
    assert share(tmp_path / "dummy", 13) == 0


def test_what_the_source_does_not_hold_is_missing_and_not_zero(tmp_path) -> None:
    values = _values(tmp_path, {"settlements": [{"settlement_id": "S1", "attending_practitioner_id": "D1"}]}).iloc[0]
    unknown = {"diagnoses", "procedures", "prescriptions", "practitioners", "ref_items", "stay_leaves"}
    for name, feature in features("practitioner").items():
        if {need.split(".")[0] for need in feature.needs} & unknown:
            assert pd.isna(values[name]), name
    for name in (
        "days_over_24_hours_count",
        "kin_share",
        "prescriptions_count",
        "without_diagnosis_share",
        "refund_share",
    ):
        assert pd.isna(values[name]), name
    assert values["settlements_count"] == 1
