"""Features of pharmacies and of scripts recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.profiles import profiles_of
from tests.support.sales import SHOPS, Row, line, sale


@pytest.fixture(scope="module")
def counter(tmp_path_factory):
    """Nine purchases at R1: three of P1 within a minute, five people with one basket, one of P1 as a proxy buys."""
    paid = {"account_paid_amount": "0.00", "mutual_aid_paid_amount": "0.00", "credential_type": "id_card"}
    paid |= {"annual_cap_amount": "100.00", "annual_paid_to_date_amount": "10.00", "is_proxy_purchase": "false"}
    paid |= {"terminal_id": "T2", "operator_id": "O1"}
    by_card = {"account_paid_amount": "10.00", "mutual_aid_paid_amount": "5.00", "credential_type": "e_credential"}
    first = {"terminal_id": "T1", "operator_id": "O2"}
    settlements = [
        sale("S1", "05 09:00:00", "P1", **(paid | by_card | first | {"annual_paid_to_date_amount": "95.00"})),
        sale("S2", "05 09:00:20", "P1", **(paid | first)),
        sale("S3", "05 09:00:40", "P1", **(paid | first)),
        sale("S4", "06 10:00:00", "P2", **(paid | {"account_paid_amount": "30.00"})),
        *(sale(f"S{i}", f"06 10:{2 * i - 8:02d}:00", f"P{i - 2}", **paid) for i in range(5, 9)),
        sale("S9", "07 18:00:00", "P1", **(paid | {"is_proxy_purchase": "true"})),
        sale("S10", "07 20:00:00", "P1", "R2", **paid),
        sale("S11", "08 12:00:00", "P3", "H1", encounter_type="inpatient", service_start_date="2026-01-04")
        | {"admit_time": "2026-01-04 08:00:00", "discharge_time": "2026-01-08 09:00:00"},
    ]
    lines = [line(f"S{i}", "A", "10.00") for i in range(1, 9)]
    lines += [line(f"S{i}", "B", "20.00", 2) for i in range(4, 9)]
    lines += [line("S9", "B", "60.00", packs=3), line("S10", "B", "24.00"), line("S11", "Z", "900.00")]
    lines[-1]["item_type"] = "service"
    persons = [
        {
            "person_id": f"P{i}",
            "birth_date": "1950-01-01" if i == 6 else "1980-01-01",
            "home_region_code": "330102" if i == 2 else "330101",
        }
        for i in range(1, 7)
    ]
    tables = {"settlements": settlements, "claim_lines": lines, "persons": persons, "providers": SHOPS[:2]}
    return profiles_of(tmp_path_factory.mktemp("counter"), tables).providers.features


COUNTER = {
    "counter_sales_per_open_day_ratio": 9 / 3,
    "counter_open_hours_mean_hours": (40 + 480 + 0) / 3600 / 3,  # first to last second of each day
    "counter_busiest_hour_ratio": 5 / (9 / 3),  # five at ten o'clock, nine in three hours
    "counter_back_to_back_share": 2 / 9,  # S2 and S3, twenty seconds apart at T1
    "counter_drugs_per_sale_ratio": (3 * 1 + 5 * 2 + 1) / 9,
    "counter_single_drug_share": 4 / 9,
    "counter_repeated_basket_share": 5 / 5,  # all baskets of two drugs are A and B
    "counter_bundled_cards_share": 5 / 9,  # P2 to P6 within eight minutes
    "counter_top3_drugs_lines_share": 1.0,
    "counter_drugs_hhi_ratio": (8**2 + 6**2) / 14**2,
    "counter_packs_per_line_ratio": (13 + 3) / 14,
    "counter_chinese_patent_share": 160 / 240,  # B: 5 x 20 + 60; A: 8 x 10
    "counter_price_level_ratio": 1.0,
    "counter_price_jump_share": 0.0,
    "counter_one_price_drugs_share": 1.0,
    "counter_elderly_share": 1 / 9,  # P6
    "counter_other_region_share": 1 / 9,  # P2
    "counter_other_pharmacy_same_day_share": 1 / 9,  # S9; P1 is at R2 two hours later
    "counter_in_hospital_share": 1 / 9,  # S5; P3 lies in H1 from the 4th to the 8th
    "counter_companions_share": 0.0,
    "counter_daily_refill_share": 0.0,
    "counter_refill_share": 0.0,  # three sales of a day are one fill
    "counter_e_credential_account_share": 1 / 9,
    "counter_account_only_share": 2 / 9,  # S1 and S4
    "counter_mutual_aid_share": 5 / 40,
    "counter_near_cap_share": 1 / 9,  # S1: 95 of 100
    "counter_proxy_share": 1 / 9,
    "counter_equal_pair_share": 2 / 9,
    "counter_equal_sums_share": 3 / 9,
    "counter_terminals_hhi_ratio": (3**2 + 6**2) / 9**2,
    "counter_top_cashier_share": 6 / 9,
}


@pytest.mark.parametrize("name", COUNTER)
def test_a_counter_by_hand(counter, name: str) -> None:
    assert counter.loc["R1", name] == pytest.approx(COUNTER[name], rel=1e-9), name


def test_a_dearer_shop_is_compared_with_the_median_of_all(counter) -> None:
    assert counter.loc["R2", "counter_price_level_ratio"] == pytest.approx(24 / 20)  # B: six times 20, once 24


def test_what_only_pharmacies_have_is_missing_for_others(counter) -> None:
    names = [name for name in counter if name.startswith(("counter_", "filled_"))]
    assert len(names) >= 40
    assert counter.loc["H1", names].isna().all()


def test_bursts_habits_and_sums(tmp_path) -> None:
    """P1 and P2 come together on three days and buy A each day; on two further days twenty people spend one sum."""
    pairs = [
        sale(f"S{day}{k}", f"{day:02d} 09:0{k}:00", f"P{k}", account_paid_amount="1.00")
        for day in (5, 6, 7)
        for k in (1, 2)
    ]
    crowd = [
        sale(f"C{k}", f"{20 + k % 2} {8 + k // 2:02d}:00:00", f"Q{k}", account_paid_amount="0.00") for k in range(20)
    ]
    again = [sale("N1", "22 09:00:00", "P1", settle_time="2026-02-03 09:00:00", account_paid_amount="12.00")]
    lines = [line(s["settlement_id"], "A", "5.00") for s in pairs]
    lines += [line(s["settlement_id"], "B", "7.00") for s in crowd] + [line("N1", "N", "12.00")]
    tables = {"settlements": pairs + crowd + again, "claim_lines": lines, "providers": SHOPS[:1]}
    values = profiles_of(tmp_path, tables, "2026-02").providers.features.loc["R1"]
    assert values["counter_companions_share"] == pytest.approx(3 / 27)  # P2 after P1, three times
    assert values["counter_daily_refill_share"] == pytest.approx(2 / 27)  # P1 and P2 on the third day
    assert values["counter_refill_share"] == pytest.approx(4 / 27)  # both on the second and third day
    assert values["counter_common_sum_share"] == pytest.approx(20 / 27)
    # 2, 2, 2, 10, 10 and 1 purchases on six days: (4 + 4 + 4 + 100 + 100 + 1) / 27 - 27 / 6.
    assert values["counter_daily_swing_ratio"] == pytest.approx(213 / 27 - 27 / 6)
    assert values["counter_account_growth_ratio_1m"] == pytest.approx(12 / 6)
    assert values["counter_new_drugs_share_1m"] == 1.0  # N was not sold in January


def _script(number: str, issuer: str, prescriber: str, issued: str, settlement: str, **over: Any) -> Row:
    row = {"prescription_id": number, "person_id": "P1", "issuing_provider_id": issuer, "prescriber_id": prescriber}
    row |= {"issue_time": f"2026-01-{issued}", "dispense_settlement_id": settlement, "channel": "hospital_system"}
    return row | over


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """D1 of C1 writes six scripts, five for R1; D2 of C2 writes one; F7 names a script that nobody wrote."""
    fills = [sale(f"F{i}", f"{4 + i:02d} 11:00:00", "P1") for i in range(1, 8)]
    fills[5]["provider_id"] = "R2"
    fills += [sale("F8", "20 11:00:00", "P2"), sale("V1", "05 09:00:00", "P1", "C1")]
    fills += [sale("V2", "21 09:00:00", "P2", "C1"), sale("X1", "22 09:00:00", "P1", is_reversal="false")]
    back = {"is_reversal": "true", "original_settlement_id": "X1"}
    fills += [sale("X2", "22 10:00:00", "P1", **back)]
    prescriptions = [
        _script("Y1", "C1", "D1", "05 10:00:00", "F1"),  # an hour before; V1 is the visit
        _script("Y2", "C1", "D1", "06 12:00:00", "F2", channel="paper"),  # an hour after the sale
        _script("Y3", "C1", "D1", "06 12:00:30", "F3"),  # 30 seconds after Y2; waits 22:59:30
        _script("Y4", "C1", "D1", "04 11:00:00", "F4"),  # waits four days
        _script("Y5", "C1", "D1", "09 10:55:00", "F5", person_id="P2"),  # waits five minutes; sold to P1
        _script("Y6", "C1", "D1", "10 10:00:00", "F6"),  # filled at R2
        _script("Y8", "C2", "D2", "20 09:00:00", "F8", person_id="P2"),  # waits two hours
        _script("Y9", "C1", "D1", "22 08:00:00", "X1"),  # its sale is reversed
    ]
    lines = [
        line(s["settlement_id"], "A", "-10.00" if s["settlement_id"] == "X2" else "10.00", prescription_id=f"Y{i}")
        for i, s in enumerate(fills, start=1)
    ]
    lines[8] |= {"item_type": "service", "prescription_id": None}
    lines[9] |= {"item_type": "service", "prescription_id": None}
    lines[10]["prescription_id"] = lines[11]["prescription_id"] = "Y9"
    lines[11]["quantity"] = "-1"
    tables = {"settlements": fills, "claim_lines": lines, "providers": SHOPS, "prescriptions": prescriptions}
    tables["practitioners"] = [{"practitioner_id": "D1", "can_prescribe": "false"}]
    return profiles_of(tmp_path_factory.mktemp("scripts"), tables).providers.features


FILLED = {  # Y1 to Y5 and Y8: six fills
    "filled_prescription_share": 7 / 7,
    "filled_unknown_prescription_share": 1 / 4,  # F7 of F4, F5, F7 and F8; the first three days are left out
    "filled_before_issue_share": 1 / 6,  # Y2
    "filled_wait_median_hours": (1 + 2) / 2,  # of -1:00, 0:05, 1:00, 2:00, 22:59:30, 96:00
    "filled_stale_share": 1 / 6,  # Y4
    "filled_paper_share": 1 / 6,
    "filled_far_issuer_share": 1 / 6,  # C2
    "filled_without_visit_share": 5 / 6,  # all but Y1
    "filled_other_person_share": 1 / 6,  # Y5
    "filled_burst_share": 1 / 6,  # Y3
    "filled_captive_share": 0.0,  # D1 sends five of six here, less than nine in ten
    "filled_per_person_ratio": 6 / 2,
    "filled_amount_per_prescriber_amount": 60 / 2,
    "filled_per_prescriber_ratio": 6 / 2,
    "filled_issuers_hhi_ratio": (5**2 + 1) / 6**2,
    "filled_top_prescriber_share": 5 / 6,
    "filled_no_authority_share": 6 / 6,  # D1 may not prescribe, D2 is not in the register
}
ISSUED = {  # Y1 to Y6
    "issued_after_sale_share": 1 / 6,
    "issued_filled_in_10_minutes_share": 1 / 6,  # Y5
    "issued_paper_share": 1 / 6,
    "issued_far_share": 0 / 5,  # where R2 lies is unknown
    "issued_without_visit_share": 5 / 6,
    "issued_burst_share": 1 / 6,
    "issued_captive_share": 0.0,
    "issued_fill_mean_amount": 10.0,
    "issued_shops_hhi_ratio": (5**2 + 1) / 6**2,
    "issued_top_shop_share": 5 / 6,
    "issued_top_prescriber_share": 1.0,
    "issued_per_visit_ratio": 6 / 2,  # V1 and V2
}


@pytest.mark.parametrize("name", [*FILLED, *ISSUED])
def test_scripts_by_hand(scripts, name: str) -> None:
    side = "R1" if name in FILLED else "C1"
    expected = (FILLED | ISSUED)[name]
    assert scripts.loc[side, name] == pytest.approx(expected, rel=1e-9), name


def test_a_prescriber_is_captive_who_sends_nine_in_ten_of_five_or_more(tmp_path) -> None:
    fills = [sale(f"F{i}", f"{4 + i:02d} 11:00:00", "P1") for i in range(1, 7)]
    written = [_script(f"Y{i}", "C1", "D1" if i < 6 else "D2", f"{4 + i:02d} 10:00:00", f"F{i}") for i in range(1, 7)]
    tables = {"settlements": [*fills, sale("V1", "05 09:00:00", "P1", "C1")], "prescriptions": written}
    values = profiles_of(tmp_path, tables | {"providers": SHOPS}).providers.features
    assert values.loc["R1", "filled_captive_share"] == pytest.approx(5 / 6)  # D2 has written one: too few to tell
    assert values.loc["C1", "issued_captive_share"] == pytest.approx(5 / 6)
