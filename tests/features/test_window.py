"""What the window's tables make of gaps, reversals and nested stays."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.support.profiles import profiles_of


def _at(number: str, time: str, **over: Any) -> dict[str, Any]:
    return {"settlement_id": number, "settle_time": time, **over}


def test_shorter_windows_count_calendar_months_and_not_months_held(tmp_path) -> None:
    tables = {"settlements": [_at("S1", "2026-01-05 10:00:00"), _at("S2", "2026-06-05 10:00:00")]}
    built = profiles_of(tmp_path, tables, "2026-06").providers.features.iloc[0]
    # January is five months before June, though the month before it in the store.
    assert (built["settlements_count"], built["settlements_count_3m"]) == (2, 1)
    assert (built["billed_amount"], built["billed_amount_3m"]) == (200.00, 100.00)


def test_an_unknown_register_of_illness_makes_nobody_healthy(tmp_path) -> None:
    built = profiles_of(tmp_path, {"settlements": [_at("S1", "2026-01-05 10:00:00")]})
    assert built.patients.attributes["has_chronic_condition"].isna().all()


def test_with_one_month_nobody_is_called_new(tmp_path) -> None:
    built = profiles_of(tmp_path, {"settlements": [_at("S1", "2026-01-05 10:00:00")]})
    assert pd.isna(built.providers.features["new_patients_share_1m"].iloc[0])


def test_what_practitioners_did_in_a_reversed_settlement_does_not_count(tmp_path) -> None:
    settlements = [
        _at("S1", "2026-01-15 10:00:00"),
        _at("X1", "2026-01-15 11:00:00", person_id="P2", is_reversal="false"),
        _at("X2", "2026-02-02 10:00:00", person_id="P2", is_reversal="true", original_settlement_id="X1"),
    ]
    lines = [{"settlement_id": "S1", "amount": "5.00", "executor_id": "D1", "fee_time": "2026-01-15 10:00:00"}]
    for number, amount, quantity in (("X1", "5.00", "1"), ("X2", "-5.00", "-1")):
        lines += [
            {
                "settlement_id": number,
                "line_number": k,
                "amount": amount,
                "quantity": quantity,
                "executor_id": "D1",
                "fee_time": "2026-01-15 11:00:00",
            }
            for k in (1, 2)
        ]
    tables = {"settlements": settlements, "claim_lines": lines}
    names = ["lines_per_practitioner_day_ratio", "patients_per_practitioner_day_max_count"]
    before = profiles_of(tmp_path / "before", tables, "2026-01").providers.features
    after = profiles_of(tmp_path / "after", tables, "2026-02").providers.features
    assert list(before[names].iloc[0]) == [3, 2]  # one line of P1, two of P2: nobody knows yet of the reversal
    assert list(after[names].iloc[0]) == [1, 1]  # the line of P1


def _stay(number: str, admit: str, discharge: str) -> dict[str, Any]:
    times = {"admit_time": f"{admit} 08:00:00", "discharge_time": f"{discharge} 09:00:00"}
    return _at(number, f"{discharge} 12:00:00", encounter_type="inpatient", is_planned_readmission="false", **times)


def test_a_long_stay_overlaps_all_that_begin_in_it(tmp_path) -> None:
    stays = [
        _stay("S1", "2026-01-01", "2026-01-30"),
        _stay("S2", "2026-01-02", "2026-01-03"),
        _stay("S3", "2026-01-10", "2026-01-12"),  # a week after S2, yet within S1: an overlap and no readmission
    ]
    built = profiles_of(tmp_path, {"settlements": stays}).providers.features.iloc[0]
    assert built["overlapping_stay_share"] == pytest.approx(2 / 3)
    assert built["readmission_15d_share"] == 0
