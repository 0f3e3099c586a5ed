"""Digits, rhythm and burden of providers recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

import math

import pytest

from tests.support.profiles import profiles_of
from tests.support.visits import tables, visit


@pytest.fixture(scope="module")
def clinic(tmp_path_factory):
    """Six visits of five people: 5 Jan (two), 13, 25, 26 and 28 Jan 2026, all with doctor D1."""
    doctor = {"attending_practitioner_id": "D1"}
    made = tables(
        visit("S1", "2026-01-05 09:00:00", "P1", "100.00", cash_paid_amount="0.00", in_scope_amount="80.00", **doctor),
        visit("S2", "2026-01-05 09:00:30", "P2", "100.00", cash_paid_amount="0.00", in_scope_amount="100.00", **doctor),
        visit("S3", "2026-01-13", "P1", "100.00", cash_paid_amount="5.00", in_scope_amount="100.00", **doctor),
        visit("S4", "2026-01-25", "P3", "99.50", cash_paid_amount="5.00", in_scope_amount="99.50", **doctor),
        visit("S5", "2026-01-26", "P4", "31.00", cash_paid_amount="5.00", in_scope_amount="31.00", **doctor),
        visit("S6", "2026-01-28", "P5", "40.00", cash_paid_amount="5.00", in_scope_amount="40.00", **doctor),
        diagnoses=[{"settlement_id": f"S{i}", "diagnosis_code": "I10"} for i in range(1, 7)],
        ref_holidays=[{"date": "2026-01-26"}],
    )
    return profiles_of(tmp_path_factory.mktemp("clinic"), made).providers.features.loc["H1"]


_AMOUNTS = [100.00, 100.00, 100.00, 99.50, 31.00, 40.00]  # 470.50 together
_MEAN = 470.50 / 6
WORKED = {
    "just_below_round_share": 1 / 6,  # 99.50 lies within one percent below 100
    "same_sum_again_share": 2 / 6,  # P1 has 100.00 on the 5th and on the 13th
    "same_sum_same_day_share": 2 / 6,  # P1 and P2 on the 5th
    "next_patient_60s_share": 1 / 6,  # S2 comes 30 seconds after S1
    "holiday_share": 1 / 6,
    "longest_pause_days": 12,  # from the 13th to the 25th
    "nothing_collected_share": 2 / 6,
    "out_of_scope_share": 20 / 470.50,
    "patient_p90_amount": 160.00,  # of 31, 40, 99.50, 100, 200: position 0.9 x 4 = 3.6
    # Ranked 1 to 5: 2 x (31 + 2 x 40 + 3 x 99.50 + 4 x 100 + 5 x 200) / (5 x 470.50) - 6 / 5.
    "patient_gini_ratio": 2 * (31 + 80 + 298.50 + 400 + 1000) / (5 * 470.50) - 6 / 5,
    "fund_per_patient_day_amount": 470.50 / 6,  # P1 came on two days, four others on one
    "spread_within_diagnosis_ratio": math.sqrt(sum((a - _MEAN) ** 2 for a in _AMOUNTS) / 6) / _MEAN,
    "recruitment_day_share": None,  # five patients are too few
    "billed_to_expected_ratio": 1.0,  # nobody else to compare with
}


@pytest.mark.parametrize("name", WORKED)
def test_a_clinic_by_hand(clinic, name: str) -> None:
    expected = WORKED[name]
    assert math.isnan(clinic[name]) if expected is None else clinic[name] == pytest.approx(expected, rel=1e-7)


def test_leading_digits_are_measured_against_benford_less_chance(tmp_path) -> None:
    # 300 settlements: 180 of 15.00 and 120 of 25.00, shares .6 and .4.
    made = tables(
        *(visit(f"S{i:03d}", "2026-01-05", f"P{i}", "15.00" if i < 180 else "25.00") for i in range(300)),
        providers=[{"provider_id": "H1", "provider_type": "clinic"}],
    )
    values = profiles_of(tmp_path, made).providers.features.loc["H1"]
    one = 0.36 / math.log10(2) + 0.16 / math.log10(3 / 2) - 1 - 8 / 300
    two = 0.36 / math.log10(16 / 15) + 0.16 / math.log10(26 / 25) - 1 - 89 / 300
    assert values["first_digit_excess_ratio"] == pytest.approx(one, rel=1e-9)
    assert values["first_two_digits_excess_ratio"] == pytest.approx(two, rel=1e-9)
    assert values["commonest_visit_sum_share"] == 180 / 300
    assert values["hour_entropy_nats"] == 0  # all at ten
    assert values["weekday_entropy_nats"] == 0  # all on a Monday
    assert values["recruitment_day_share"] == 1.0  # all first seen on one day


def test_sums_that_follow_benford_are_not_suspect(tmp_path) -> None:
    # Growth by one percent a step runs through the decades as the law says.
    amounts = [f"{10 * 1.01**i:.2f}" for i in range(463)]  # 10 to 1,000: two decades
    made = tables(*(visit(f"S{i:03d}", "2026-01-05", f"P{i}", amount) for i, amount in enumerate(amounts)))
    values = profiles_of(tmp_path, made).providers.features.loc["H1"]
    assert abs(values["first_digit_excess_ratio"]) < 0.02
    assert abs(values["first_two_digits_excess_ratio"]) < 0.2


def test_too_few_settlements_have_no_digits(clinic) -> None:
    assert math.isnan(clinic["first_digit_excess_ratio"])
    assert math.isnan(clinic["commonest_visit_sum_share"])


def test_december_is_compared_with_the_mean_month(tmp_path) -> None:
    # 100, 100 and 400: 400 / ((100 + 100 + 400) / 3) = 2.
    days = {"2025-10-06": "100.00", "2025-11-06": "100.00", "2025-12-08": "400.00"}
    made = tables(*(visit(f"S{i}", day, "P1", amount) for i, (day, amount) in enumerate(days.items())))
    assert profiles_of(tmp_path, made, "2025-12").providers.features.loc["H1", "december_ratio"] == pytest.approx(2.0)


def test_a_window_without_december_has_no_year_end(tmp_path) -> None:
    made = tables(*(visit(f"S{m}", f"2026-{m:02d}-06", "P1", "10.00") for m in (1, 2, 3)))
    assert math.isnan(profiles_of(tmp_path, made, "2026-03").providers.features.loc["H1", "december_ratio"])


def test_a_month_is_compared_with_the_one_before(tmp_path) -> None:
    drug = {"item_type": "western_drug"}
    made = tables(
        visit("S1", "2026-01-06", "P1", "100.00", line=drug),
        visit("S2", "2026-01-07", "P2", "100.00"),
        visit("S3", "2026-02-06", "P1", "300.00"),
        visit("S4", "2026-02-07", "P3", "100.00"),
        visit("S5", "2026-02-08", "P4", "200.00"),
    )
    values = profiles_of(tmp_path, made, "2026-02").providers.features.loc["H1"]
    assert values["patients_change_ratio_1m"] == 3 / 2
    assert values["amount_per_patient_change_ratio_1m"] == pytest.approx((600 / 3) / (200 / 2))
    assert values["drug_share_change_ratio_1m"] == pytest.approx(0 / 600 - 100 / 200)


def test_the_busiest_week_is_compared_with_the_median_week(tmp_path) -> None:
    # Weeks from 5, 12, 19 and 26 January with 1, 1, 2 and 4 settlements: 4 / 1.5.
    days = [5, 12, 19, 20, 26, 27, 28, 29]
    made = tables(*(visit(f"S{day}", f"2026-01-{day:02d}", "P1", "10.00") for day in days))
    assert profiles_of(tmp_path, made).providers.features.loc["H1", "busiest_week_ratio"] == pytest.approx(4 / 1.5)


def test_what_like_patients_cost_is_taken_over_all_providers(tmp_path) -> None:
    # Ten visits at 30.00 and ten at 10.00 for one diagnosis, age, sex and level: each is expected at 20.00.
    made = tables(
        *(visit(f"A{i}", "2026-01-05", f"P{i}", "30.00") for i in range(10)),
        *(visit(f"B{i}", "2026-01-05", f"Q{i}", "10.00", provider_id="H2") for i in range(10)),
        diagnoses=[{"settlement_id": f"{kind}{i}", "diagnosis_code": "I10"} for kind in "AB" for i in range(10)],
    )
    values = profiles_of(tmp_path, made).providers.features["billed_to_expected_ratio"]
    assert values.to_dict() == {"H1": pytest.approx(1.5), "H2": pytest.approx(0.5)}


def test_a_dearer_diagnosis_is_no_excess(tmp_path) -> None:
    # H1 treats what costs 90.00 everywhere, H2 too; H2 also treats what costs 10.00.
    made = tables(
        *(visit(f"A{i}", "2026-01-05", f"P{i}", "90.00", provider_id="H1" if i < 10 else "H2") for i in range(20)),
        *(visit(f"B{i}", "2026-01-05", f"Q{i}", "10.00", provider_id="H2") for i in range(20)),
        diagnoses=[
            {"settlement_id": f"{kind}{i}", "diagnosis_code": "I10" if kind == "A" else "J06"}
            for kind in "AB"
            for i in range(20)
        ],
    )
    values = profiles_of(tmp_path, made).providers.features["billed_to_expected_ratio"]
    assert values.to_dict() == {"H1": pytest.approx(1.0), "H2": pytest.approx(1.0)}
