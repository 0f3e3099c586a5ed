"""Where a person goes, with whom, and what stays look like, recomputed by hand; every number shows its arithmetic."""

from __future__ import annotations

import math

import pytest

from tests.support.profiles import profiles_of
from tests.support.sales import Row, line, sale

# A degree of latitude is 111.2 km.
PLACES = [
    {"provider_id": "R1", "provider_type": "retail_pharmacy", "region_code": "330101", "provider_level": "ungraded"}
    | {"longitude": 120, "latitude": 30.1},
    {"provider_id": "C1", "provider_type": "clinic", "region_code": "330101", "provider_level": "primary"}
    | {"longitude": 120, "latitude": 30.0},
    {"provider_id": "H1", "provider_type": "hospital", "region_code": "330102", "provider_level": "tertiary"}
    | {"longitude": 120, "latitude": 31.0},
]
REGIONS = [{"region_code": "330101", "region_name": "home", "longitude": 120, "latitude": 30.0}]


def _tables(visits: list[Row], amounts: dict[str, str]) -> dict[str, list[Row]]:
    return {
        "settlements": visits,
        "claim_lines": [line(s["settlement_id"], "A", amounts[s["settlement_id"]]) for s in visits],
        "providers": PLACES,
        "ref_regions": REGIONS,
    }


@pytest.fixture(scope="module")
def places(tmp_path_factory):
    """P1 at C1 and R1 near home in January, and at H1 111 km away twice, once on the day of C1."""
    home, away = ({"insured_region_code": "330101", "care_region_code": region} for region in ("330101", "330102"))
    visits = [
        sale("S1", "05 09:00:00", "P1", "C1", **home),
        sale("S2", "06 09:00:00", "P1", "R1", **home),
        sale("S3", "05 15:00:00", "P1", "H1", **away),
        sale("S4", "20 15:00:00", "P1", "H1", **away) | {"settle_time": "2026-02-20 15:00:00"},
        sale("S5", "21 15:00:00", "P1", "C1", **home) | {"settle_time": "2026-02-21 15:00:00"},
        sale("S6", "22 15:00:00", "P1", "R2", **home) | {"settle_time": "2026-02-22 15:00:00"},
    ]
    for visit in visits:
        visit["service_start_date"] = visit["settle_time"][:10]
    tables = _tables(visits, {"S1": "10.00", "S2": "20.00", "S3": "30.00", "S4": "40.00", "S5": "50.00", "S6": "50.00"})
    tables["providers"] = [*PLACES, PLACES[0] | {"provider_id": "R2"}]
    tables["persons"] = [{"person_id": "P1", "home_region_code": "330101"}]
    return profiles_of(tmp_path_factory.mktemp("places"), tables, "2026-02").patients.features.loc["P1"]


WORKED = {
    "care_areas_count": 2,
    "out_of_area_share": 2 / 6,
    "two_regions_days_count": 1,  # 5 January
    "provider_distance_mean_kilometres": (0 + 11.12 + 11.12 + 111.2) / 4,  # C1, R1, R2, H1
    "far_money_share": 70 / 200,
    "new_providers_share_1m": 1 / 3,  # R2, of H1, C1 and R2 in February
    "pharmacies_count": 2,
    "primary_care_share": 2 / 4,  # purchases are no visits
    # S4 only: S3 is of the window's first month, when nobody knows what came before.
    "tertiary_without_primary_count": 1,
}


@pytest.mark.parametrize("name", WORKED)
def test_places_by_hand(places, name: str) -> None:
    assert places[name] == pytest.approx(WORKED[name], rel=1e-9), name


def _stay(number: str, person: str, first: str, last: str, provider: str = "H1", **over) -> Row:
    row = {"encounter_type": "inpatient", "admit_time": f"2026-01-{first} 09:00:00", "is_planned_readmission": "false"}
    row |= {"discharge_time": f"2026-01-{last} 09:00:00", "service_start_date": f"2026-01-{first}"}
    return sale(number, f"{last} 10:00:00", person, provider) | row | over


@pytest.fixture(scope="module")
def stays(tmp_path_factory):
    """P1 lies at H1 from 2 to 6 January with P2 and P3, and again from 10 to 11, then at H2; buys on the 4th."""
    visits = [
        _stay("S1", "P1", "02", "06"),
        _stay("S2", "P2", "02", "06"),
        _stay("S3", "P3", "02", "06"),
        _stay("S4", "P4", "02", "07"),
        _stay("S5", "P1", "10", "11"),
        _stay("S6", "P1", "15", "18", "H2"),
        sale("S7", "04 09:00:00", "P1"),
        sale("S8", "25 09:00:00", "P1"),
    ]
    tables = _tables(visits, {s["settlement_id"]: "10.00" for s in visits})
    tables["diagnoses"] = [{"settlement_id": s["settlement_id"], "diagnosis_code": "I10"} for s in visits]
    tables["procedures"] = [{"settlement_id": "S6", "procedure_code": "45.23"}]
    tables["persons"] = [{"person_id": "P1", "death_date": "2026-01-25"}]
    return profiles_of(tmp_path_factory.mktemp("stays"), tables).patients.features.loc["P1"]


STAYS = {
    "co_admitted_max_count": 2,  # P2 and P3; P4 left a day later
    "stay_mean_days": (4 + 1 + 3) / 3,
    "short_stay_share": 1 / 3,  # S5; one night, no procedure
    "same_diagnosis_readmissions_count": 2,
    "moved_on_30d_count": 1,  # H2
    "visits_during_stay_count": 1,  # S7
    "after_death_count": 1,  # S8
}


@pytest.mark.parametrize("name", STAYS)
def test_stays_by_hand(stays, name: str) -> None:
    assert stays[name] == pytest.approx(STAYS[name], rel=1e-9), name


def test_companions_by_hand(tmp_path) -> None:
    """P1 and P2 come to R1 together on three days and P1 and P3 on one; six strangers on the 9th are a crowd."""
    visits = []
    for day in ("05", "06", "07"):
        visits += [sale(f"A{day}", f"{day} 09:01:00", "P1"), sale(f"B{day}", f"{day} 09:04:00", "P2")]
    visits.append(sale("C05", "05 09:08:00", "P3"))
    visits += [sale(f"D{k}", f"09 09:0{k}:00", f"P{k}") for k in range(1, 7)]
    values = profiles_of(tmp_path, _tables(visits, {s["settlement_id"]: "9.00" for s in visits})).patients.features
    assert values.loc["P1", ["companions_count", "companion_days_max_count"]].tolist() == [1, 3]
    assert values.loc["P3", ["companions_count", "companion_days_max_count"]].tolist() == [0, 1]
    assert math.isnan(values.loc["P6", "companions_count"])


def test_registers_shared_by_hand(tmp_path) -> None:
    visits = [sale(f"S{k}", "05 09:00:00", f"P{k}", "C1") for k in (1, 2, 3)]
    tables = _tables(visits, {s["settlement_id"]: "9.00" for s in visits})
    tables["persons"] = [
        {"person_id": "P1", "phone_hash": "t", "address_hash": "a", "bank_account_hash": "b"},
        {"person_id": "P2", "phone_hash": "t", "address_hash": "a", "bank_account_hash": None},
        {"person_id": "P3", "phone_hash": "t", "address_hash": "c", "bank_account_hash": "d"},
    ]
    values = profiles_of(tmp_path, tables).patients.features
    names = ["same_phone_people_count", "same_address_people_count", "same_bank_account_people_count"]
    assert values.loc["P1", names].tolist() == [2, 1, 0]
    assert math.isnan(values.loc["P2", names[2]])


def test_contracts_without_a_visit_by_hand(tmp_path) -> None:
    """P1 is signed at C1 and seen only at H1; P2 is signed and seen there; P3 signed last week."""
    visits = [
        sale("S1", "25 09:00:00", "P1", "H1"),
        sale("S2", "26 09:00:00", "P2", "C1"),
        sale("S3", "27 09:00:00", "P3", "H1"),
    ]
    tables = _tables(visits, {s["settlement_id"]: "9.00" for s in visits})
    tables["family_doctor_contracts"] = [
        {"person_id": person, "provider_id": "C1", "start_date": start}
        for person, start in (("P1", "2025-06-01"), ("P2", "2025-06-01"), ("P3", "2026-01-20"))
    ]
    values = profiles_of(tmp_path, tables).patients.features["unseen_contracts_count"]
    assert values["P1"] == 1
    assert values["P2"] == 0
    assert math.isnan(values["P3"])
