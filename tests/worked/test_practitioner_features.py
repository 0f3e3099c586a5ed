"""Practitioner features recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.support.profiles import profiles_of

Lines = list[dict[str, Any]]


def _visit(number: str, time: str, person: str, *lines: dict[str, Any], **over: Any) -> tuple[dict[str, Any], Lines]:
    settlement = {
        "settlement_id": number,
        "settle_time": f"2026-01-{time}:00",
        "service_start_date": f"2026-01-{time[:2]}",
        "person_id": person,
        "provider_id": "H1",
        "attending_practitioner_id": "D1",
        "original_settlement_id": None,
        "is_reversal": "false",
        "insured_region_code": "330101",
        "care_region_code": "330102",
        **over,
    }
    numbered = [{"settlement_id": number, "line_number": k, **line} for k, line in enumerate(lines, 1)]
    return settlement, [{"fee_time": settlement["settle_time"], **line} for line in numbered]


def _consultation(amount: str = "30.00", by: str = "D1") -> dict[str, Any]:
    return {"item_code": "C", "amount": amount, "prescriber_id": by, "executor_id": by} | {
        "item_type": "service",
        "charge_category": "consultation",
    }


def _drug(item: str, amount: str, days: int, quantity: int = 1, **over: Any) -> dict[str, Any]:
    return {
        "item_code": item,
        "item_type": "western_drug",
        "charge_category": "western_drug",
        "amount": amount,
        "quantity": str(quantity),
        "days_supply": days,
        "prescriber_id": "D1",
        **over,
    }


def _sale(number: str, time: str, person: str, shop: str, line: dict[str, Any]) -> tuple[dict[str, Any], Lines]:
    over = {"provider_id": shop, "encounter_type": "pharmacy", "attending_practitioner_id": None}
    return _visit(number, time, person, line, **over)


def _script(number: str, person: str, issued: str, filled: str, sale: str, **over: Any) -> dict[str, Any]:
    return {
        "prescription_id": number,
        "person_id": person,
        "issuing_provider_id": "H1",
        "prescriber_id": "D1",
        "issue_time": f"2026-01-{issued}:00",
        "dispense_time": f"2026-01-{filled}:00",
        "dispense_settlement_id": sale,
        "channel": "hospital_system",
        **over,
    }


LAB = {"item_code": "L", "item_type": "service", "charge_category": "laboratory", "amount": "60.00"}
REFUNDED = _drug("B", "15.00", 7)
REFUND = _drug("B", "-15.00", 7, -1, prescriber_id=None, original_line_number=3)
VISITS = [
    # D1 sees P1 and P2 on Monday the 5th, P1 at night on the 6th, himself and his wife P3 on Saturday the 10th.
    _visit("S1", "05 09:00", "P1", _consultation(), _drug("A", "40.00", 2, 2)),
    _visit(
        "S2", "05 10:00", "P2", _consultation(), LAB | {"quantity": "100", "prescriber_id": "D1", "executor_id": "D2"}
    ),
    _visit("S3", "06 23:00", "P1", _consultation(), _drug("A", "60.00", 30, 3)),
    _visit("S4", "10 09:00", "P9", _consultation(), _drug("B", "20.00", 7), REFUNDED, REFUND),
    _visit("S5", "10 09:20", "P3", _consultation("45.00"), provider_id="H2", insured_region_code="340101"),
    # Three scripts of his are filled at two pharmacies.
    _sale("S6", "06 23:15", "P1", "R1", _drug("A", "25.00", 10, prescription_id="X1")),
    _sale("S7", "08 09:00", "P2", "R1", _drug("A", "25.00", 10, prescription_id="X2")),
    _sale("S8", "08 15:00", "P1", "R2", _drug("B", "25.00", 7, prescription_id="X3")),
    # He lies in hospital from the 4th to the 6th.
    _visit(
        "S9",
        "06 08:00",
        "P9",
        {"item_code": "W", "amount": "500.00"},
        provider_id="H3",
        encounter_type="inpatient",
        service_start_date="2026-01-04",
        attending_practitioner_id="D9",
        admit_time="2026-01-04 08:00:00",
        discharge_time="2026-01-06 08:00:00",
    ),
    # D3, who died on the 1st and may not prescribe, gives P2 a drug on the 7th.
    _visit(
        "S10",
        "07 09:00",
        "P2",
        _drug("A", "10.00", 1, prescriber_id="D3"),
        provider_id="H2",
        attending_practitioner_id="D3",
    ),
    # One settlement of D1's is reversed.
    _visit("S11", "05 11:00", "P4", _consultation("99.00")),
    _visit(
        "S12",
        "07 11:00",
        "P4",
        _consultation("-99.00") | {"quantity": "-1"},
        is_reversal="true",
        original_settlement_id="S11",
    ),
]
TABLES: dict[str, Lines] = {
    "settlements": [settlement for settlement, _ in VISITS],
    "claim_lines": [line for _, lines in VISITS for line in lines],
    "diagnoses": [
        {"settlement_id": number, "sequence_number": k, "diagnosis_code": code}
        for number, codes in (("S1", "I10 J06"), ("S2", "I10 E11"), ("S3", "I10"), ("S4", "J06"), ("S9", "K35"))
        for k, code in enumerate(codes.split(), 1)
    ],
    "prescriptions": [
        _script("X1", "P1", "06 23:10", "06 23:15", "S6"),
        _script("X2", "P2", "08 10:00", "08 09:00", "S7"),
        _script("X3", "P1", "08 10:00", "08 15:00", "S8", issuing_provider_id="H2", channel="paper"),
    ],
    "persons": [
        {"person_id": person, "township_code": township, "home_region_code": "330101", "address_hash": home}
        | {"phone_hash": None, "death_date": "2026-01-01" if person == "P8" else None}
        for person, township, home in (
            ("P1", "T1", "a1"),
            ("P2", "T1", "a2"),
            ("P3", "T3", "a9"),
            ("P4", "T1", "a4"),
            ("P8", "T1", "a8"),
            ("P9", "T2", "a9"),
        )
    ],
    "providers": [
        {"provider_id": provider, "provider_type": kind, "region_code": "330101"}
        for provider, kind in (
            ("H1", "clinic"),
            ("H2", "clinic"),
            ("H3", "hospital"),
            ("R1", "retail_pharmacy"),
            ("R2", "retail_pharmacy"),
        )
    ],
    "practitioners": [
        {"practitioner_id": "D1", "provider_id": "H1", "person_id": "P9", "can_prescribe": "true"}
        | {"licence_start_date": "2010-01-01", "licence_end_date": "2026-01-08"},
        {"practitioner_id": "D2", "provider_id": "H1", "person_id": "P2", "can_prescribe": "false"},
        {"practitioner_id": "D3", "provider_id": "H2", "person_id": "P8", "can_prescribe": "false"},
    ],
    "ref_items": [
        {"item_code": "C", "standard_minutes": "20"},
        {"item_code": "L", "standard_minutes": "10"},
        {"item_code": "A", "max_fill_quantity": "3", "is_sentinel_drug": "false", "is_brand": "false"},
        {"item_code": "B", "is_sentinel_drug": "true", "is_brand": "true", "is_controlled": "I"},
    ],
}


@pytest.fixture(scope="module")
def practice(tmp_path_factory):
    return profiles_of(tmp_path_factory.mktemp("practice"), TABLES).practitioners.features


DOCTOR = {
    "settlements_count": 8,  # S1 to S5 attended, S6 to S8 on his scripts
    "patients_count": 4,  # P1, P2, P3 and himself, P9
    "claim_lines_count": 2 + 1 + 2 + 2 + 1 + 3,  # the test of S2 is its executor's; what S4 refunds is no line
    "billed_amount": 70 + 30 + 90 + 50 + 45 + 3 * 25,
    "fund_paid_amount": 70 + 90 + 90 + 50 + 45,  # attended
    "lines_per_patient_ratio": 11 / 4,
    "amount_per_patient_amount": 360 / 4,
    "settlements_per_patient_ratio": 8 / 4,
    "refund_share": 1 / 6,  # S11 of S1 to S5 and S11
    "active_days_count": 3,  # the 5th, 6th and 10th; sales of pharmacies are no day of his
    "day_mean_minutes": (40 + 20 + 40) / 3,  # 20 a consultation
    "day_max_minutes": 40,
    "days_over_16_hours_count": 0,
    "patients_per_day_mean_ratio": (2 + 1 + 2) / 3,
    "patients_per_day_max_count": 2,
    "weekend_share": 1 / 3,
    "run_max_days": 2,  # the 5th and 6th
    "off_hours_share": 1 / 5,  # S3 of S1 to S5
    "sites_count": 2,
    "off_register_share": 1 / 5,  # S5
    "sites_per_day_max_count": 2,
    "multi_site_days_share": 1 / 3,
    "moves_within_30_minutes_count": 1,  # 09:00 at H1, 09:20 at H2
    "outside_licence_days_count": 1,  # the 10th
    "in_own_stay_days_count": 1,  # the 5th; on the 6th he is discharged
    "after_death_days_count": 0,
    "unauthorised_drugs_count": 0,
    "ordered_drug_share": 195 / 420,  # 40 + 60 + 20 + 3 x 25 of 345 attended and 75 sold
    "ordered_laboratory_share": 60 / 420,
    "ordered_examination_share": 0,
    "ordered_per_settlement_amount": 420 / 8,
    "top_item_share": 165 / 420,  # consultations 4 x 30 + 45; A 150; B 45; L 60
    "item_hhi_ratio": (165**2 + 150**2 + 45**2 + 60**2) / 420**2,
    "item_entropy_nats": -sum(a / 420 * math.log(a / 420) for a in (165, 150, 45, 60)),
    "sentinel_drug_share": 45 / 195,
    "brand_drug_share": 45 / 195,
    "controlled_drug_share": 2 / 6,  # S4 and S8
    "drugs_at_cap_share": 1 / 4,  # three packs of A at S3; A at S1, S6 and S7 is less; B has no largest fill
    # P1 had A for 2 days on the 5th: on the 6th one is left, not early. Then for 30: the fill of S6 is. P2 had A of D3
    # for 1 day on the 7th: on the 8th none is left.
    "early_refill_share": 1 / 3,
    "supply_mean_days": (2 + 30 + 7 + 10 + 10 + 7) / 6,
    "drugs_per_basket_ratio": 6 / 6,
    "prescriptions_count": 3,
    "prescriptions_per_patient_ratio": 3 / 2,
    "issued_after_fill_share": 1 / 3,  # X2
    "filled_at_once_share": 1 / 3,  # X1, after five minutes
    "prescription_without_visit_share": 2 / 3,  # nobody was seen on the 8th
    "prescription_elsewhere_share": 1 / 3,  # X3
    "prescription_paper_share": 1 / 3,
    "pharmacies_count": 2,
    "top_pharmacy_share": 2 / 3,
    "pharmacy_hhi_ratio": (4 + 1) / 9,
    "prescriptions_per_day_max_count": 2,
    "kin_share": 2 / 4,  # himself and P3 of his address
    "kin_money_share": (50 + 45) / 360,
    "staff_share": 1 / 4,  # P2 is D2 of H1
    "seen_once_share": 2 / 4,  # P3 and P9
    "visits_per_patient_max_count": 4,
    "patient_hhi_ratio": (16 + 4 + 1 + 1) / 64,
    "exclusive_patients_share": 1 / 2,  # P1; D3 attends P2 too
    "out_of_area_share": 1 / 4,
    "home_area_hhi_ratio": (4 + 1 + 1) / 16,
    "diagnoses_per_settlement_ratio": (2 + 2 + 1 + 1) / 5,
    "without_diagnosis_share": 1 / 5,
    "diagnosis_hhi_ratio": (9 + 1) / 16,  # three I10, one J06
}


@pytest.mark.parametrize("name", DOCTOR)
def test_a_doctor_by_hand(practice, name: str) -> None:
    tolerance = 1e-6 if name.endswith("nats") else 1e-9
    assert practice.loc["D1", name] == pytest.approx(DOCTOR[name], rel=tolerance), name


def test_those_who_execute_and_those_who_may_not(practice) -> None:
    technician = practice.loc["D2"]
    assert technician["day_max_minutes"] == 100 * 10
    assert (technician["days_over_16_hours_count"], technician["days_over_24_hours_count"]) == (1, 0)
    assert math.isnan(technician["ordered_drug_share"])  # ordered nothing
    dead = practice.loc["D3"]
    assert (dead["after_death_days_count"], dead["unauthorised_drugs_count"]) == (1, 1)
    assert math.isnan(dead["outside_licence_days_count"])  # no dates of a licence
    assert math.isnan(dead["prescriptions_count"])


def test_growth_compares_the_last_month_with_the_mean_of_the_window(tmp_path) -> None:
    # One, one and four settlements in three months: 4 / ((1 + 1 + 4) / 3) = 2.
    days = ["2026-01-05", "2026-02-05", *(f"2026-03-{day:02d}" for day in range(2, 6))]
    rows = [
        {"settlement_id": f"S{i}", "settle_time": f"{day} 10:00:00", "attending_practitioner_id": "D1"}
        for i, day in enumerate(days)
    ]
    values = profiles_of(tmp_path, {"settlements": rows}, "2026-03").practitioners.features
    assert values.loc["D1", "growth_rate_1m"] == pytest.approx(2.0)


def test_the_swing_of_days_is_variance_over_mean(tmp_path) -> None:
    # 1, 1, 1, 1 and 6 patients on five days: mean 2, mean square (4 + 36) / 5 = 8, variance 8 - 4 = 4, 4 / 2 = 2.
    rows = [
        {"settlement_id": f"S{day}-{k}", "person_id": f"P{k}", "settle_time": f"2026-01-{day:02d} 10:00:00"}
        | {"attending_practitioner_id": "D1"}
        for day, n in ((5, 1), (6, 1), (7, 1), (8, 1), (9, 6))
        for k in range(n)
    ]
    values = profiles_of(tmp_path, {"settlements": rows}).practitioners.features
    assert values.loc["D1", "patients_per_day_swing_ratio"] == pytest.approx(2.0)
