"""Provider features recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.support.profiles import profiles_of


def _visit(number: str, day: str, person: str, amount: str, **over: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    settlement = {
        "settlement_id": number,
        "settle_time": f"{day} 10:00:00",
        "service_start_date": day,
        "service_end_date": day,
        "person_id": person,
        "provider_id": "H1",
        **over,
    }
    return settlement, {"settlement_id": number, "amount": amount}


def _tables(*visits: tuple[dict[str, Any], dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {"settlements": [s for s, _ in visits], "claim_lines": [line for _, line in visits], **more}


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """Five visits of three persons: Mon 5 Jan, Mon 5 Jan, Sat 10 Jan, Sun 11 Jan, Wed 28 Jan 2026."""
    tables = _tables(
        _visit("S1", "2026-01-05", "P1", "100.00", cash_paid_amount="40.00", attending_practitioner_id="D1"),
        _visit("S2", "2026-01-05", "P1", "20.00", cash_paid_amount="0.00", attending_practitioner_id="D1"),
        _visit("S3", "2026-01-10", "P2", "30.00", cash_paid_amount="10.00", attending_practitioner_id="D1"),
        _visit("S4", "2026-01-11", "P2", "50.55", cash_paid_amount="0.00", attending_practitioner_id="D2"),
        _visit("S5", "2026-01-28", "P3", "10.45", cash_paid_amount="0.00", attending_practitioner_id=None),
        # P2 also goes elsewhere.
        _visit("S6", "2026-01-20", "P2", "5.00", provider_id="H2"),
        diagnoses=[
            {"settlement_id": "S1", "diagnosis_code": "I10"},
            {"settlement_id": "S2", "diagnosis_code": "I10"},
            {"settlement_id": "S3", "diagnosis_code": "I10"},
            {"settlement_id": "S4", "diagnosis_code": "J06"},
        ],
    )
    return profiles_of(tmp_path_factory.mktemp("clinic"), tables).providers.features.loc["H1"]


WORKED = {
    "settlements_count": 5,
    "patients_count": 3,
    "claim_lines_count": 5,
    "active_days_count": 4,
    "billed_amount": 211.00,  # 100.00 + 20.00 + 30.00 + 50.55 + 10.45
    "amount_per_settlement_amount": 42.20,  # 211.00 / 5
    "amount_per_patient_amount": 211 / 3,
    "settlement_median_amount": 30.00,  # of 10.45, 20, 30, 50.55, 100
    "settlement_p90_amount": 80.22,  # position 0.9 x 4 = 3.6: 50.55 + 0.6 x (100 - 50.55)
    "settlement_max_amount": 100.00,
    "cash_paid_share": 50 / 211,
    "round_amount_share": 3 / 5,  # 100, 20 and 30 are whole tens
    "settlements_per_patient_ratio": 5 / 3,
    "settlements_per_patient_max_count": 2,
    "same_day_repeat_share": 1 / 5,  # S2 shares its day with S1
    "patient_hhi_ratio": (4 + 4 + 1) / 25,  # 2, 2 and 1 of 5 visits
    "patient_top5_share": 1.0,
    "diagnosis_hhi_ratio": (9 + 1) / 16,  # three I10, one J06
    "diagnosis_entropy_nats": -(0.75 * math.log(0.75) + 0.25 * math.log(0.25)),
    "diagnosis_groups_count": 2,
    "missing_diagnosis_share": 1 / 5,
    "weekend_share": 2 / 5,
    "month_end_share": 1 / 5,
    "patients_per_day_max_count": 1,
    "seen_once_share": 1 / 3,
    "shared_patients_share": 1 / 3,
    "exclusive_patients_share": 2 / 3,
    "providers_per_patient_ratio": 4 / 3,  # P2 uses two
    "patient_visits_here_share": 5 / 6,
    "attending_practitioners_count": 2,
    "missing_attending_share": 1 / 5,
    "settlements_per_practitioner_ratio": 4 / 2,
    "attending_hhi_ratio": (9 + 1) / 16,  # three visits of D1, one of D2
    "diagnosis_chapter_i_share": 3 / 4,
}


@pytest.mark.parametrize("name", WORKED)
def test_a_clinic_by_hand(clinic, name: str) -> None:
    assert clinic[name] == pytest.approx(WORKED[name], rel=1e-9), name


def test_the_spread_is_the_standard_deviation_over_the_mean(clinic) -> None:
    amounts = [100.00, 20.00, 30.00, 50.55, 10.45]
    mean = sum(amounts) / 5
    deviation = math.sqrt(sum((a - mean) ** 2 for a in amounts) / 5)
    assert clinic["settlement_spread_ratio"] == pytest.approx(deviation / mean, rel=1e-9)


def _stay(
    number: str, admit: str, discharge: str, person: str = "P1", **over: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    times = {
        "admit_time": f"{admit} 09:00:00",
        "discharge_time": f"{discharge} 09:00:00",
        "encounter_type": "inpatient",
    }
    return _visit(number, discharge, person, "1000.00", **(times | over))


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    """Four stays: two 5 days apart with one diagnosis, a planned one, and one that overlaps a stay elsewhere."""
    tables = _tables(
        _stay("S1", "2026-01-02", "2026-01-08", is_planned_readmission="false"),  # 6 days
        _stay("S2", "2026-01-13", "2026-01-15", is_planned_readmission="false"),  # gap 5
        _stay("S3", "2026-01-25", "2026-01-26", is_planned_readmission="true"),  # gap 10, planned, admitted on a Sunday
        _stay("S4", "2026-01-10", "2026-01-20", "P2", is_planned_readmission="false"),  # inside a stay at H2; Saturday
        _stay("S5", "2026-01-05", "2026-01-12", "P2", provider_id="H2", is_planned_readmission="false"),
        diagnoses=[{"settlement_id": f"S{i}", "diagnosis_code": "K35.8" if i < 3 else "J18"} for i in range(1, 6)],
    )
    return profiles_of(tmp_path_factory.mktemp("hospital"), tables).providers.features.loc["H1"]


STAYS = {
    "inpatient_stays_count": 4,
    "stay_mean_days": (6 + 2 + 1 + 10) / 4,
    "readmission_7d_share": 1 / 4,  # S2, five days after S1
    "readmission_15d_share": 1 / 4,  # S3 comes after ten days, and was planned
    "readmission_30d_share": 1 / 4,
    "same_diagnosis_readmission_15d_share": 1 / 4,
    "overlapping_stay_share": 1 / 4,  # S4 begins two days before S5 ends elsewhere
    "from_elsewhere_30d_share": 0.0,
    "weekend_admission_share": 2 / 4,
    "short_stay_share": 1 / 4,  # S3: one night, no procedure
    "inpatient_share": 1.0,
    "amount_per_care_day_amount": 4000 / 19,  # 6 + 2 + 1 + 10 days
}


@pytest.mark.parametrize("name", STAYS)
def test_a_hospital_by_hand(hospital, name: str) -> None:
    if name == "short_stay_share":
        assert math.isnan(hospital[name])  # the source holds no procedures: unknown, not "none"
        return
    assert hospital[name] == pytest.approx(STAYS[name], rel=1e-9), name


def test_growth_compares_the_last_month_with_the_mean_of_the_window(tmp_path) -> None:
    # Two, two and eight settlements in three months: 8 / ((2 + 2 + 8) / 3) = 2.
    days = ["2026-01-05", "2026-01-06", "2026-02-05", "2026-02-06", *(f"2026-03-{d:02d}" for d in range(2, 10))]
    tables = _tables(*(_visit(f"S{i}", day, "P1", "10.00") for i, day in enumerate(days)))
    values = profiles_of(tmp_path, tables, "2026-03").providers.features.loc["H1"]
    assert values["growth_rate_1m"] == pytest.approx(2.0)
    assert (values["settlements_count_1m"], values["settlements_count_3m"]) == (8, 12)
    assert (values["billed_amount_1m"], values["billed_amount_3m"]) == (80.00, 120.00)


def test_money_is_exact_to_the_cent(tmp_path) -> None:
    tables = _tables(*(_visit(f"S{i:05d}", "2026-01-05", "P1", "0.10") for i in range(3000)))
    values = profiles_of(tmp_path, tables).providers.features.loc["H1"]
    assert values["billed_amount"] == 300.00  # a sum of three thousand doubles of 0.1 is not
