"""Coding and admissions of a hospital recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.profiles import profiles_of
from tests.support.visits import stay, tables, visit


def _hospital(folder, given: dict[str, Any]) -> Any:
    return profiles_of(folder, given).providers.features.loc["H1"]


@pytest.fixture(scope="module")
def coded(tmp_path_factory):
    """Five stays of five people with ten secondary diagnoses; what else P1 to P3 have, here and elsewhere."""
    stays = [stay(f"S{k}", "2026-01-01", "2026-01-04", f"P{k}", "100.00") for k in range(1, 6)]
    others = [visit("V1", "2026-01-20", "P1", "10.00", provider_id="H2"), visit("V2", "2026-01-21", "P2", "10.00")]
    secondary = {
        "S1": ("E87.6", "I50.9"),
        "S2": ("E87.6", "D64.9"),
        "S3": ("E87.6", "E87.5"),  # one group, twice on one bill
        "S4": ("E87.6", "J98.4", "D64.8"),
        "S5": ("E87.6", "I10.x"),
    }
    rows = [(s["settlement_id"], 1, "K35.8") for s, _ in stays]
    rows += [(s, n, code) for s, codes in secondary.items() for n, code in enumerate(codes, start=2)]
    rows += [("V1", 1, "I50.0"), ("V2", 1, "Z00.0"), ("V2", 2, "D64.1")]
    names = ("settlement_id", "sequence_number", "diagnosis_code")
    return _hospital(
        tmp_path_factory.mktemp("coded"),
        tables(*stays, *others, diagnoses=[dict(zip(names, row, strict=True)) for row in rows]),
    )


def test_exactness_of_codes_by_hand(coded) -> None:
    # At H1: five principal codes, eleven secondary ones, V2's two; I50.9 and D64.9 say unspecified.
    assert coded["unspecified_codes_share"] == pytest.approx(2 / (5 + 11 + 2))


def test_secondary_diagnoses_by_hand(coded) -> None:
    # By bill and group: E87 on each of five, I50 D64 J98 D64 I10 once. P1's I50 is seen at H2, P2's D64 again here.
    assert coded["unconfirmed_secondary_share"] == pytest.approx(1 - 2 / 10)
    assert coded["commonest_secondary_share"] == pytest.approx(5 / 10)


@pytest.fixture(scope="module")
def admitted(tmp_path_factory):
    """Ten stays: four come on the 1st, the others on days of their own; one dies in bed B1 before the last is out."""
    hours = {"S1": "23:30:00", "S2": "05:59:00", "S3": "06:00:00", "S4": "00:00:00"}  # S4: no hour given
    stays = []
    for k in range(1, 11):
        day = 1 if k <= 4 else k
        row, line = stay(f"S{k}", f"2026-01-{day:02d}", f"2026-01-{day + 5:02d}", f"P{k}", "100.00")
        row["admit_time"] = f"2026-01-{day:02d} {hours.get(f'S{k}', '09:00:00')}"
        row["bed_number"] = "B1" if k in (1, 5, 10) else (f"B{k}" if k < 9 else None)
        row["department_code"] = "surgery"
        stays.append((row, line | {"charge_category": "surgery" if k == 2 else "other"}))
    return _hospital(
        tmp_path_factory.mktemp("admitted"), tables(*stays, procedures=[{"settlement_id": s} for s in ("S2", "S3")])
    )


ADMITTED = {
    "night_admission_share": 2 / 9,  # S1, S2 of the nine with an hour
    "operated_stay_share": 2 / 10,  # S2 by line and procedure, S3 by procedure
    "admission_day_share": 4 / 10,
    "taken_bed_share": 1
    / 9,  # B1: S1 till the 6th, S5 from the 5th till the 10th at nine, S10 from that hour; S9 has none
}


@pytest.mark.parametrize("name", ADMITTED)
def test_admissions_by_hand(admitted, name: str) -> None:
    assert admitted[name] == pytest.approx(ADMITTED[name]), name


def test_days_beyond_the_beds_by_hand(tmp_path) -> None:
    """One bed: one in it from the 1st to the 11th, a second from the 5th to the 9th."""
    stays = [
        stay("S1", "2026-01-01", "2026-01-11", "P1", "10.00"),
        stay("S2", "2026-01-05", "2026-01-09", "P2", "10.00"),
    ]
    given = tables(*stays, providers=[{"provider_id": "H1", "licensed_beds": 1}])
    assert _hospital(tmp_path, given)["overfull_days_share"] == pytest.approx(4 / 10)
