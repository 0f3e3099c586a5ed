"""Distributions recomputed by hand for each entity; every expected number shows its arithmetic."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.support.profiles import profiles_of


def _stay(
    number: int, person: str, admit: int, nights: int, amounts: tuple[str, ...]
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    admitted, discharged = f"2026-01-{admit:02d}", f"2026-01-{admit + nights:02d}"
    settlement = {
        "settlement_id": f"S{number}",
        "settle_time": f"{discharged} 12:00:00",
        "service_start_date": admitted,
        "service_end_date": discharged,
        "person_id": person,
        "provider_id": "H1",
        "encounter_type": "inpatient",
        "admit_time": f"{admitted} 09:00:00",
        "discharge_time": f"{discharged} 09:00:00",
        "attending_practitioner_id": "D1",
    }
    return settlement, [
        {"settlement_id": f"S{number}", "line_number": str(line), "amount": amount}
        for line, amount in enumerate(amounts, 1)
    ]


def _spread(*values: float) -> float:
    mean = sum(values) / len(values)
    return math.sqrt(sum((value - mean) ** 2 for value in values) / len(values)) / mean


@pytest.fixture(scope="module")
def profiles(tmp_path_factory):
    """Five stays at one hospital, under one name: four of P1, one of P2."""
    stays = [
        _stay(1, "P1", 1, 0, ("60.00",)),  # 60 on one day
        _stay(2, "P1", 5, 1, ("80.00", "20.00")),  # 100 on two: 50 a day
        _stay(3, "P1", 9, 4, ("100.00", "40.00", "10.00")),  # 150 on five: 30 a day
        _stay(4, "P1", 19, 1, ("40.00", "40.00")),  # 80 on two: 40 a day
        _stay(5, "P2", 2, 6, ("140.00",)),  # 140 on seven: 20 a day
    ]
    tables = {"settlements": [stay for stay, _ in stays], "claim_lines": [line for _, lines in stays for line in lines]}
    return profiles_of(tmp_path_factory.mktemp("stays"), tables)


SAME = {
    "stay_max_days": 6,
    "stay_spread_ratio": _spread(0, 1, 4, 1, 6),
    "stay_day_mean_amount": (60 + 50 + 30 + 40 + 20) / 5,  # of ratios; the ratio of sums is 530 / 17
    "stay_day_max_amount": 60.00,
    "stay_day_spread_ratio": _spread(60, 50, 30, 40, 20),
    "lines_per_settlement_ratio": (1 + 2 + 3 + 2 + 1) / 5,
    "lines_per_settlement_max_count": 3,
    "lines_per_settlement_spread_ratio": _spread(1, 2, 3, 2, 1),
    "settlement_max_amount": 150.00,
    "settlement_spread_ratio": _spread(60, 100, 150, 80, 140),
    "return_mean_days": 19 / 3,  # P1 settles on the 1st, 6th, 13th and 20th; P2 once
    "return_max_days": 19 / 3,
}


@pytest.mark.parametrize("name", SAME)
def test_a_hospital_and_its_only_doctor_by_hand(profiles, name: str) -> None:
    tolerance = {"rel": 1e-4} if name.startswith("return") else {"rel": 1e-9}  # returns are in thousandths of a day
    assert profiles.providers.features.loc["H1", name] == pytest.approx(SAME[name], **tolerance)
    assert profiles.practitioners.features.loc["D1", name] == pytest.approx(SAME[name], **tolerance)


OF_P1 = {
    "stay_max_days": 4,
    "stay_day_mean_amount": (60 + 50 + 30 + 40) / 4,
    "stay_day_max_amount": 60.00,
    "lines_per_settlement_max_count": 3,
    "return_mean_days": 19 / 3,
}


@pytest.mark.parametrize("name", OF_P1)
def test_a_patient_by_hand(profiles, name: str) -> None:
    assert profiles.patients.features.loc["P1", name] == pytest.approx(OF_P1[name], rel=1e-4)


def test_a_spread_needs_five_of_them_and_a_return_a_second_day(profiles) -> None:
    patients = profiles.patients.features
    assert math.isnan(patients.loc["P1", "stay_spread_ratio"])
    assert math.isnan(patients.loc["P2", "return_mean_days"])
