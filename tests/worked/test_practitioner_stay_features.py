"""Practitioner features of stays and operations recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.profiles import profiles_of


def _stay(number: str, person: str, admit: int, discharge: int, **over: Any) -> dict[str, Any]:
    return {
        "settlement_id": number,
        "settle_time": f"2026-01-{discharge:02d} 12:00:00",
        "person_id": person,
        "provider_id": "H1",
        "encounter_type": "inpatient",
        "admit_time": f"2026-01-{admit:02d} 09:00:00",
        "discharge_time": f"2026-01-{discharge:02d} 09:00:00",
        "attending_practitioner_id": "D5",
        "operating_practitioner_id": "D7",
        "is_planned_readmission": "false",
        **over,
    }


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    stays = [
        _stay("K1", "P1", 2, 8),
        _stay("K2", "P1", 13, 15),  # five days after K1
        _stay("K3", "P2", 10, 20),  # begins two days before K4 ends
        _stay("K4", "P2", 5, 12, provider_id="H2", attending_practitioner_id="D6"),
        _stay("K5", "P3", 10, 11, is_planned_readmission="true"),
    ]
    procedures = [
        {"settlement_id": "K1", "procedure_time": "2026-01-03 10:00:00", "surgeon_id": "D8"},
        {"settlement_id": "K2", "procedure_time": "2026-01-13 10:00:00", "surgeon_id": None},
        {"settlement_id": "K3", "procedure_time": "2026-01-13 12:00:00", "surgeon_id": "D7"},
    ]
    tables = {"settlements": stays, "procedures": procedures}
    return profiles_of(tmp_path_factory.mktemp("ward"), tables).practitioners.features


WARD = {
    "stays_count": 4,
    "stay_mean_days": (6 + 2 + 10 + 1) / 4,
    "short_stay_share": 1 / 4,  # K5: one night, no procedure
    "readmission_30d_share": 1 / 4,
    "planned_stay_share": 1 / 4,
    "overlapping_stay_share": 1 / 4,
    "admissions_per_day_max_count": 2,  # K3 and K5 on the 10th
    "stays_at_once_max_count": 2,  # K3 beside K5, then beside K2
}


@pytest.mark.parametrize("name", WARD)
def test_a_ward_by_hand(ward, name: str) -> None:
    assert ward.loc["D5", name] == pytest.approx(WARD[name], rel=1e-9), name


def test_operations_are_the_surgeons_else_the_operating_practitioners(ward) -> None:
    names = ["operated_settlements_count", "operations_per_day_max_count"]
    assert list(ward.loc["D8", names]) == [1, 1]
    assert list(ward.loc["D7", names]) == [2, 2]  # K2 and K3 on the 13th
