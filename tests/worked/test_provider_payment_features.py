"""Payment and data quality of providers recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.profiles import profiles_of
from tests.support.visits import stay, tables, visit

_PLAIN: dict[str, Any] = {
    "credential_type": "id_card",
    "terminal_id": "T1",
    "operator_id": "C1",
    "has_manual_override": "false",
    "is_third_party_injury": "false",
    "payment_method": "fee_for_service",
    "department_code": "D1",
    "bed_number": None,
    "account_paid_amount": "0.00",
    "cash_paid_amount": "50.00",
    "deductible_amount": "0.00",
    "medical_aid_paid_amount": "0.00",
    "fund_paid_amount": "50.00",
    "annual_cap_amount": "1000.00",
    "annual_paid_to_date_amount": "500.00",
    "invoice_number": None,
}


@pytest.fixture(scope="module")
def hospital(tmp_path_factory):
    """Eight settlements at H1, four visits and four stays, each of 100.00; five at H2."""
    refused = {"has_manual_override": "true", "operator_id": "U1"}
    line = {"item_name": "x", "unit_price": "100.00", "original_line_number": None}
    elsewhere = _PLAIN | {"terminal_id": "T3", "provider_id": "H2"}
    made = tables(
        visit("S1", "2026-03-02", "P1", "100.00", line=line, **(_PLAIN | refused | {"credential_type": "other"})),
        visit("S2", "2026-03-03 00:00:00", "P2", "100.00", line=line, **(_PLAIN | refused | {"terminal_id": "T2"})),
        visit("S3", "2026-03-04", "P3", "100.00", line=line | {"unit_price": "90.00"}, **(_PLAIN | refused)),
        visit("S4", "2026-03-05", "P4", "100.00", line=line, **(_PLAIN | refused | {"invoice_number": "V1"})),
        stay("S5", "2026-03-02", "2026-03-06", "P1", "100.00", line=line, **(_PLAIN | {"payment_method": "drg"})),
        stay("S6", "2026-03-02", "2026-03-06", "P2", "100.00", line=line, **(_PLAIN | {"bed_number": "B1"})),
        stay(
            "S7", "2026-03-02", "2026-03-06", "P3", "100.00",
            line=line, **(_PLAIN | {"cash_paid_amount": "0.00", "fund_paid_amount": "80.00", "bed_number": "B2"})
        ),
        stay(
            "S8", "2026-03-02", "2026-03-06", "P5", "100.00", settle_time="2026-03-09 10:00:00",
            line=line | {"fee_time": "2026-03-10 10:00:00"},
            **(_PLAIN | {"annual_paid_to_date_amount": "960.00", "medical_aid_paid_amount": "20.00",
                         "is_third_party_injury": "true", "department_code": None, "credential_type": None,
                         "service_end_date": "2026-03-06", "bed_number": "B3"})
        ),
        visit("X1", "2026-03-09", "P1", "100.00", line=line,
              **(_PLAIN | refused | {"provider_id": "H2", "credential_type": "e_credential", "terminal_id": "T2"})),
        visit("X2", "2026-03-09", "P2", "100.00", line=line,
              **(_PLAIN | {"provider_id": "H2", "invoice_number": "V1", "terminal_id": "T3"})),
        *(visit(f"Y{m}", f"2026-0{m}-05", "P9", "100.00", line=line, **elsewhere) for m in (1, 2)),
        providers=[{"provider_id": f"H{i}", "provider_type": "hospital", "payment_method": "drg"} for i in (1, 2)],
        payment_budgets=[{"provider_id": "H1", "year": 2026, "budget_amount": "8600.00"}],
        complaints=[
            {"complaint_id": f"K{i}", "received_date": "2026-03-03", "subject_type": kind, "subject_id": "H1"}
            for i, kind in enumerate(("provider", "patient"))
        ],
        surveys=[
            {"provider_id": "H1", "month": "2026-03", "n_responses": 10, "satisfied_share": 0.9},
            {"provider_id": "H1", "month": "2026-02", "n_responses": 30, "satisfied_share": 0.5},
            {"provider_id": "H1", "month": "2026-04", "n_responses": 99, "satisfied_share": 0.0},  # not known yet
        ],
    )  # fmt: skip
    return profiles_of(tmp_path_factory.mktemp("hospital"), made, "2026-03").providers.features


WORKED = {
    "other_credential_share": 1 / 7,  # S1; S8 names none
    "manual_override_share": 4 / 8,
    "override_favour_share": 4 / 5,  # U1 set five checks aside, four of them here
    "near_cap_fund_share": 50 / 430,  # S8, of seven times 50.00 and 80.00
    "third_party_injury_share": 1 / 8,
    "medical_aid_share": 20 / 800,
    "other_method_share": 3 / 4,  # S5 alone is paid by case
    "roaming_terminal_share": 1 / 8,  # T2 is used at H2 too
    "unusual_credential_share": 1 / 2,  # P1 shows an e-credential at H2 and none of that kind here; P2 the same card
    "repeated_invoice_share": 1.0,  # the only invoice here answers to X2 too
    "budget_pace_ratio": 430 * 12 / 3 / 8600,  # three months of the year: 1,720 a year of 8,600
    "complaints_per_thousand_patients_ratio": 1000 / 5,
    "satisfied_share": (10 * 0.9 + 30 * 0.5) / 40,
    "unpaid_stay_share": 1 / 4,  # S7
    "missing_credential_share": 1 / 8,
    "midnight_share": 1 / 8,
    "unexplained_parts_share": 1 / 8,  # S7: 80.00 of 100.00
    "missing_department_share": 1 / 8,
    "missing_bed_share": 1 / 4,  # S5
    "settled_late_share": 1 / 8,  # S8, three days after discharge
    "unsupported_money_share": 0.0,
    "lines_outside_share": 1 / 8,
    "lines_after_share": 1 / 8,
    "lines_mispriced_share": 1 / 8,  # S3: 1 x 90.00 is not 100.00
    "lines_unnamed_share": 0.0,
    "lines_loose_refunds_share": 0.0,
}


@pytest.mark.parametrize("name", WORKED)
def test_a_hospital_by_hand(hospital, name: str) -> None:
    assert hospital.loc["H1", name] == pytest.approx(WORKED[name], rel=1e-9), name


def test_a_number_that_every_provider_uses_is_no_roaming_terminal(tmp_path) -> None:
    local = [visit(f"S{i}", "2026-01-05", "P1", "10.00", provider_id=f"H{i}", terminal_id="1") for i in range(4)]
    carried = [visit(f"T{i}", "2026-01-06", "P1", "10.00", provider_id=f"H{i}", terminal_id="K77123") for i in range(2)]
    values = profiles_of(tmp_path, tables(*local, *carried)).providers.features["roaming_terminal_share"]
    assert values.to_dict() == {"H0": 1 / 2, "H1": 1 / 2, "H2": 0, "H3": 0}


def test_lines_that_do_not_add_up_leave_money_without_support(tmp_path) -> None:
    # 100.00 and 60.00 billed, lines of 100.00 and 45.00, the second without a name and beside a refund of nothing.
    made = tables(
        visit("S1", "2026-01-05", "P1", "100.00", line={"item_name": "x"}),
        visit("S2", "2026-01-05", "P2", "60.00", total_amount="60.00", fund_paid_amount="60.00"),
    )
    refund = {"settlement_id": "S2", "line_number": 2, "amount": "-15.00", "quantity": "-1"}
    made["claim_lines"] += [refund | {"fee_time": "2026-01-05 10:00:00", "original_line_number": None}]
    values = profiles_of(tmp_path, made).providers.features.loc["H1"]
    assert values["unsupported_money_share"] == pytest.approx(15 / 160)
    assert values["lines_unnamed_share"] == pytest.approx(2 / 3)
    assert values["lines_loose_refunds_share"] == pytest.approx(1 / 3)


def test_a_discount_is_no_wrong_price(tmp_path) -> None:
    # Half the price for a second operation: 1 x 200.00 x .5 = 100.00.
    line = {"unit_price": "200.00", "discount_share": 0.5}
    made = tables(visit("S1", "2026-01-05", "P1", "100.00", line=line))
    assert profiles_of(tmp_path, made).providers.features.loc["H1", "lines_mispriced_share"] == 0
