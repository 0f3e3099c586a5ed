"""Payment groups, beds and services of a provider recomputed by hand; every number shows its arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.profiles import profiles_of
from tests.support.visits import stay, tables, visit

HOSPITAL = {"provider_id": "H1", "provider_type": "hospital", "provider_level": "secondary", "licensed_beds": 2}
GROUPS = [
    {"system": "drg", "version": "2025", "group_code": "A1", "expected_days": 99, "standard_amount": "1.00"},
    {"system": "drg", "version": "2026", "group_code": "A1", "expected_days": 10, "standard_amount": "1000.00"},
    {"system": "drg", "version": "2026", "group_code": "A5", "expected_days": 6, "standard_amount": "500.00"},
]


def _provider(folder, given: dict[str, Any], month: str = "2026-01") -> Any:
    times = {row["settlement_id"]: row["settle_time"] for row in given["settlements"]}
    for row in given["claim_lines"]:
        row["fee_time"] = times[row["settlement_id"]]
    return profiles_of(folder, given, month).providers.features.loc["H1"]


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """Five stays: three in A1 (standard 1,000, ten days) and two in A5 (500, six days); the last in February."""
    stays = [
        stay("S1", "2026-01-01", "2026-01-04", "P1", "390.00"),  # 39 % of 1,000, 3 days of 10
        stay("S2", "2026-01-02", "2026-01-12", "P2", "960.00"),  # 96 %
        stay("S3", "2026-01-05", "2026-01-11", "P3", "230.00"),  # 46 % of 500
        stay("S4", "2026-01-06", "2026-01-12", "P4", "1100.00"),  # 220 % of 500
        stay("S5", "2026-02-06", "2026-02-18", "P5", "1000.00"),  # 100 % of 1,000
    ]
    codes = {"S1": "A1", "S2": "A1", "S3": "A5", "S4": "A5", "S5": "A1"}
    weights = {"S1": 1.2, "S2": 1.2, "S3": 0.6, "S4": 0.6, "S5": 1.8}
    given = tables(
        *stays,
        providers=[HOSPITAL],
        ref_drg_groups=GROUPS,
        drg_assignments=[
            {"settlement_id": s, "system": "drg", "group_code": code, "weight": weights[s]} for s, code in codes.items()
        ],
    )
    return _provider(tmp_path_factory.mktemp("grouped"), given, "2026-02")


GROUPED = {
    "top_severity_share": 3 / 5,  # A1 before A5
    "weight_growth_rate_1m": 1.8 / ((1.2 + 1.2 + 0.6 + 0.6) / 4) - 1,
    "cost_to_standard_ratio": (390 + 960 + 230 + 1100 + 1000) / (1000 + 1000 + 500 + 500 + 1000),
    "below_low_cost_share": 1 / 5,  # S1
    "just_above_low_cost_share": 1 / 5,  # S3
    "near_standard_cost_share": 2 / 5,  # S2, S5
    "high_cost_share": 1 / 5,  # S4
    "length_to_expected_ratio": (3 + 10 + 6 + 6 + 12) / (10 + 10 + 6 + 6 + 10),
    "early_discharge_share": 1 / 5,  # S1: 3 x 3 < 10
}


@pytest.mark.parametrize("name", GROUPED)
def test_payment_groups_by_hand(grouped, name: str) -> None:
    assert grouped[name] == pytest.approx(GROUPED[name], rel=1e-9), name


def test_weight_against_the_lines_by_hand(tmp_path) -> None:
    """H1's two stays weigh 1.5; ten elsewhere with equal days and cost weigh 1.0; H3's cost is like nobody's."""
    stays = [stay(f"A{k}", "2026-01-01", "2026-01-04", f"P{k}", "500.00") for k in range(2)]
    stays += [stay(f"B{k}", "2026-01-01", "2026-01-04", f"Q{k}", "500.00", provider_id="H2") for k in range(10)]
    stays += [stay("C1", "2026-01-01", "2026-01-04", "R1", "90000.00", provider_id="H3")]
    weights = {s["settlement_id"]: 1.5 if s["settlement_id"].startswith("A") else 1.0 for s, _ in stays}
    groups = [{"settlement_id": s, "system": "drg", "group_code": "A1", "weight": w} for s, w in weights.items()]
    values = profiles_of(tmp_path, tables(*stays, drg_assignments=groups)).providers.features["weight_to_lines_ratio"]
    assert values["H1"] == pytest.approx((1.5 + 1.5) / (1.0 + 1.0))
    assert values["H2"] != values["H2"]  # two stays elsewhere are too few
    assert values["H3"] != values["H3"]


@pytest.fixture(scope="module")
def beds(tmp_path_factory):
    """Six stays in two beds: five people together from 1 to 5 January, and one again from the 10th to the 24th."""
    together = [
        stay(f"S{k}", "2026-01-01", "2026-01-05", f"P{k}", "100.00", is_planned_readmission="false")
        for k in range(1, 6)
    ]
    again = stay("S6", "2026-01-10", "2026-01-24", "P1", "400.00", is_planned_readmission="true")
    around = [
        visit("V1", "2026-01-08", "P1", "30.00"),  # three days after, two before
        visit("V2", "2026-01-27", "P1", "20.00"),  # three days after
        visit("V3", "2026-01-28", "P1", "70.00"),  # four days after
        visit("V4", "2026-01-06", "P1", "50.00", provider_id="H2"),
    ]
    codes = {"S1": "I10", "S2": "R51", "S3": "I10", "S4": "I10", "S5": "I10", "S6": "E11"}
    diagnoses = [{"settlement_id": s, "diagnosis_code": code, "sequence_number": 1} for s, code in codes.items()]
    diagnoses += [
        {"settlement_id": "S1", "diagnosis_code": "A41.9", "sequence_number": 2, "is_present_on_admission": "false"},
        {"settlement_id": "S1", "diagnosis_code": "J18.9", "sequence_number": 3, "is_present_on_admission": "true"},
        {"settlement_id": "S2", "diagnosis_code": "E87.6", "sequence_number": 2, "is_present_on_admission": "false"},
    ]
    given = tables(
        *together,
        again,
        *around,
        providers=[HOSPITAL],
        diagnoses=diagnoses,
        ref_holidays=[{"date": "2026-01-01", "name": "new year"}],
        stay_leaves=[
            {"settlement_id": "S6", "start_date": "2026-01-12", "end_date": "2026-01-13"},
            {"settlement_id": "S6", "start_date": "2026-01-17", "end_date": "2026-01-19"},
        ],
    )
    return _provider(tmp_path_factory.mktemp("beds"), given)


BEDS = {
    "census_max_ratio": 5 / 2,
    "bed_turnover_ratio": 6 / 2,
    "bed_days_per_bed_ratio": (5 * 4 + 14) / 2,
    "holiday_admission_share": 5 / 6,
    "leave_days_share": (1 + 2) / (5 * 4 + 14),
    "together_share": 5 / 6,
    "length_at_limit_share": 1 / 6,  # fourteen days
    "month_end_discharge_share": 0,
    "planned_readmission_share": 1 / 6,
    "around_stays_money_ratio": (30 + 30 + 20) / (5 * 100 + 400),  # V1 lies after one stay and before the other
    "secondary_diagnoses_per_stay_ratio": 3 / 6,
    "one_diagnosis_stay_share": 4 / 6,
    "acquired_diagnoses_share": 2 / 3,
    "hospital_infection_share": 1 / 6,  # sepsis; the pneumonia was there on admission
    "symptom_diagnosis_share": 1 / 6,  # R51
}


@pytest.mark.parametrize("name", BEDS)
def test_beds_by_hand(beds, name: str) -> None:
    assert beds[name] == pytest.approx(BEDS[name], rel=1e-9), name


def test_a_return_under_another_diagnosis_by_hand(tmp_path) -> None:
    """P1 comes back after five days for another illness, P2 after five for the same."""
    stays = [
        stay("S1", "2026-01-01", "2026-01-05", "P1", "10.00", is_planned_readmission="false"),
        stay("S2", "2026-01-10", "2026-01-12", "P1", "10.00", is_planned_readmission="false"),
        stay("S3", "2026-01-01", "2026-01-05", "P2", "10.00", is_planned_readmission="false"),
        stay("S4", "2026-01-10", "2026-01-12", "P2", "10.00", is_planned_readmission="false"),
    ]
    codes = {"S1": "I10", "S2": "E11", "S3": "I10", "S4": "I10"}
    diagnoses = [{"settlement_id": s, "diagnosis_code": code} for s, code in codes.items()]
    assert _provider(tmp_path, tables(*stays, diagnoses=diagnoses))["other_diagnosis_readmission_15d_share"] == 1 / 4


def test_stays_of_one_length_by_hand(tmp_path) -> None:
    """Seven stays of three nights and three of five."""
    stays = [stay(f"A{k}", "2026-01-01", "2026-01-04", f"P{k}", "10.00") for k in range(7)]
    stays += [stay(f"B{k}", "2026-01-01", "2026-01-06", f"Q{k}", "10.00") for k in range(3)]
    assert _provider(tmp_path, tables(*stays))["same_length_share"] == 7 / 10


def test_money_of_stays_by_kind_by_hand(tmp_path) -> None:
    """S1: 60 of laboratory in 100, no procedure. S2: surgery 50, consumables 30, drugs 20 in two days."""
    one, lab = stay("S1", "2026-01-01", "2026-01-04", "P1", "60.00", line={"charge_category": "laboratory"})
    two, surgery = stay("S2", "2026-01-01", "2026-01-03", "P2", "50.00", line={"charge_category": "surgery"})
    given = tables((one, lab), (two, surgery), procedures=[{"settlement_id": "S2"}])
    given["claim_lines"] += [
        {"settlement_id": "S1", "line_number": 2, "amount": "40.00", "charge_category": "nursing"},
        {"settlement_id": "S2", "line_number": 2, "amount": "30.00", "item_type": "consumable"},
        {"settlement_id": "S2", "line_number": 3, "amount": "20.00", "item_type": "western_drug"},
    ]
    for number, row in enumerate(given["claim_lines"], start=1):
        row.setdefault("line_number", 1)
        row |= {"item_code": f"I{number}"}
        row.setdefault("item_type", "service")
        row.setdefault("charge_category", "other")
    values = _provider(tmp_path, given)
    assert values["tests_only_share"] == 1 / 2
    assert values["tests_share"] == pytest.approx(60 / 200)
    assert values["surgery_share"] == pytest.approx(50 / 200)
    assert values["consumables_per_operated_stay_amount"] == pytest.approx(30.00)
    assert values["drugs_per_bed_day_amount"] == pytest.approx(20 / (3 + 2))


def test_imaging_by_hand(tmp_path) -> None:
    """CT on 1, 5 and 20 January (four days, then fifteen) and an MRI on the 5th."""
    given = tables(
        visit("S1", "2026-01-01", "P1", "100.00", line={"item_code": "CT1", "line_number": 1}),
        visit("S2", "2026-01-05", "P1", "100.00", line={"item_code": "CT2", "line_number": 1}),
        visit("S3", "2026-01-20", "P1", "100.00", line={"item_code": "CT1", "line_number": 1}),
        ref_items=[
            {"item_code": "CT1", "imaging_kind": "ct"},
            {"item_code": "CT2", "imaging_kind": "ct"},
            {"item_code": "MR", "imaging_kind": "mri"},
        ],
    )
    given["claim_lines"].append({"settlement_id": "S2", "line_number": 2, "item_code": "MR", "amount": "200.00"})
    for row in given["claim_lines"]:
        row["charge_category"] = "examination"
    values = _provider(tmp_path, given)
    assert values["ct_share"] == pytest.approx(300 / 500)
    assert values["mri_share"] == pytest.approx(200 / 500)
    assert values["repeated_imaging_7d_share"] == 1 / 4


def test_packages_in_parts_by_hand(tmp_path) -> None:
    """Three parts of the package bill it apart, two do not; a part that is refunded is none."""
    parts = [{"package_item_code": "PK", "component_item_code": f"C{k}", "min_components": 3} for k in (1, 2, 3)]
    given = tables(
        *(visit(f"S{k}", "2026-01-01", f"P{k}", "0.00", line={"item_code": "X", "line_number": 9}) for k in (1, 2, 3)),
        ref_item_packages=parts,
    )
    for settlement, codes in (("S1", "123"), ("S2", "12"), ("S3", "123")):
        given["claim_lines"] += [
            {"settlement_id": settlement, "line_number": int(c), "item_code": f"C{c}", "amount": "5.00"} for c in codes
        ]
    given["claim_lines"].append(
        {"settlement_id": "S3", "line_number": 4, "item_code": "C3", "amount": "-5.00", "quantity": "-1"}
    )
    assert _provider(tmp_path, given)["unbundled_share"] == pytest.approx(1 / 3)
