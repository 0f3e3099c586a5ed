"""What a person fetches, pays with and where it goes, recomputed by hand; every number shows its arithmetic."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from tests.support.profiles import profiles_of
from tests.support.sales import SHOPS, Row, line, sale


def _patient(folder, tables: dict[str, Any], person: str = "P1") -> pd.Series:
    return profiles_of(folder, tables).patients.features.loc[person]


@pytest.fixture(scope="module")
def supply(tmp_path_factory):
    """P1 fetches A at C1 on the 5th, 6th and 30th and at C2 on the 20th; and W once."""
    visits = [
        sale("S1", "05 09:00:00", "P1", "C1"),
        sale("S2", "06 09:00:00", "P1", "C1"),
        sale("S3", "20 09:00:00", "P1", "C2"),
        sale("S4", "30 09:00:00", "P1", "C1"),
    ]
    lines = [
        line("S1", "A", "30.00", packs=3, days_supply=30, prescriber_id="D1"),
        line("S2", "A", "30.00", packs=1, days_supply=30, prescriber_id="D2"),
        line("S3", "A", "30.00", packs=1, days_supply=30, prescriber_id="D3"),
        line("S4", "A", "90.00", packs=3, days_supply=90, prescriber_id="D1"),
        line("S4", "W", "60.00", 2, days_supply=5, prescriber_id="D1"),
    ]
    terms = [
        {"item_code": "A", "max_fill_quantity": "3", "max_course_days": 60, "is_sentinel_drug": "false"}
        | {"is_brand": "true", "is_controlled": None},
        {"item_code": "W", "is_sentinel_drug": "true", "is_brand": "false", "is_controlled": "I"},
    ]
    tables = {"settlements": visits, "claim_lines": lines, "providers": SHOPS, "ref_items": terms}
    return _patient(tmp_path_factory.mktemp("supply"), tables)


SUPPLY = {
    "sentinel_drug_share": 60 / 240,  # 30 + 30 + 30 + 90 + 60
    "controlled_drug_share": 60 / 240,
    "brand_drug_share": 180 / 240,
    "drugs_at_cap_share": 2 / 4,  # 3 of 3 twice, 1 of 3 twice; W has no largest fill
    "over_course_lines_count": 1,  # 90 days of 60
    "drug_prescribers_count": 3,
    "drug_providers_count": 2,
    "early_refill_share": 3 / 3,  # after 1 day, 14 and 10 of 30 days each
    "overlap_days": 29 + 16 + 20,  # 30 - 1, 30 - 14, 30 - 10
    "supplied_elsewhere_share": 2 / 5,  # S3 while C1's lasts, S4 while C2's lasts
    "next_day_refills_count": 1,  # S2
    "long_supply_share": 1 / 5,
    "one_drug_providers_max_count": 2,
    "one_drug_prescribers_max_count": 3,
    "top_drug_money_share": 180 / 240,
    "one_drug_days_max_count": 4,
}


@pytest.mark.parametrize("name", SUPPLY)
def test_supply_by_hand(supply, name: str) -> None:
    assert supply[name] == pytest.approx(SUPPLY[name], rel=1e-9), name


@pytest.fixture(scope="module")
def scripts(tmp_path_factory):
    """P1 fills four scripts at R1: two of C1, one of C2 written after the sale, one that names P2."""
    visits = [
        sale("V1", "05 08:00:00", "P1", "C1"),
        sale("S1", "05 09:00:00", "P1"),
        sale("S2", "06 09:00:00", "P1"),
        sale("S3", "07 09:00:00", "P1"),
        sale("S4", "08 09:00:00", "P1"),
    ]
    lines = [line(s["settlement_id"], "A", "10.00") for s in visits]

    def script(number: int, clinic: str, time: str, person: str = "P1", channel: str = "hospital_system") -> Row:
        return {
            "prescription_id": f"X{number}",
            "person_id": person,
            "issuing_provider_id": clinic,
            "prescriber_id": "D1",
            "issue_time": f"2026-01-{time}",
            "channel": channel,
            "dispensing_provider_id": "R1",
            "dispense_time": f"2026-01-{4 + number:02d} 09:00:00",
            "dispense_settlement_id": f"S{number}",
        }

    prescriptions = [
        script(1, "C1", "05 08:30:00"),
        script(2, "C1", "06 08:30:00", channel="paper"),
        script(3, "C2", "07 19:00:00"),
        script(4, "C1", "08 08:30:00", "P2"),
    ]
    tables = {"settlements": visits, "claim_lines": lines, "providers": SHOPS, "prescriptions": prescriptions}
    return _patient(tmp_path_factory.mktemp("scripts"), tables)


SCRIPTS = {
    "prescriptions_count": 4,
    "prescription_after_sale_share": 1 / 4,  # X3, ten hours later
    "prescription_without_visit_share": 3 / 4,  # only on the 5th was somebody seen at the issuer
    "prescription_paper_share": 1 / 4,
    "prescription_for_others_share": 1 / 4,
    "prescription_far_share": 1 / 4,  # C2 is 33 km away, C1 eleven
    "prescription_issuers_count": 2,
}


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_by_hand(scripts, name: str) -> None:
    assert scripts[name] == pytest.approx(SCRIPTS[name], rel=1e-9), name


def test_boxes_that_came_back_to_a_counter_by_hand(tmp_path) -> None:
    """P1 buys boxes 1 to 4 at R1; R2 sells box 1 again later; box 2 was sold at R2 before."""
    visits = [
        sale("S1", "05 09:00:00", "P1"),
        sale("S2", "20 09:00:00", "P2", "R2"),
        sale("S3", "02 09:00:00", "P2", "R2"),
    ]
    lines = [line(s["settlement_id"], "A", "10.00") for s in visits]

    def scan(number: int, box: int, settlement: str, provider: str, time: str) -> Row:
        return {
            "event_id": f"E{number}",
            "trace_code": f"T{box}",
            "event_time": f"2026-01-{time}",
            "event_type": "sale",
            "provider_id": provider,
            "item_code": "A",
            "settlement_id": settlement,
            "is_split_pack": "false",
        }

    scans = [scan(box, box, "S1", "R1", "05 09:00:00") for box in (1, 2, 3, 4)]
    scans += [scan(5, 1, "S2", "R2", "20 09:00:00"), scan(6, 2, "S3", "R2", "02 09:00:00")]
    tables = {"settlements": visits, "claim_lines": lines, "providers": SHOPS, "trace_events": scans}
    values = profiles_of(tmp_path, tables).patients.features
    assert values.loc["P1", "resold_boxes_count"] == 1
    assert values.loc["P1", "resold_boxes_share"] == 1 / 4
    # P2's box 2 of the 2nd was sold to P1 on the 5th; box 1 of the 20th nowhere after.
    assert values.loc["P2", "resold_boxes_share"] == 1 / 2


@pytest.fixture(scope="module")
def till(tmp_path_factory):
    """Six purchases: three of 50.00 on three days, one by proxy of 33.30, one of relatives' money, one refunded."""
    paid = {"cash_paid_amount": "0.00", "mutual_aid_paid_amount": "0.00"}
    visits = [
        sale(f"S{day}", f"0{day} 09:00:00", "P1", account_paid_amount="50.00", fund_paid_amount="0.00", **paid)
        | {"credential_type": "e_credential"}
        for day in (1, 2, 3)
    ]
    visits += [
        sale("S4", "04 09:00:00", "P1", "C1", is_proxy_purchase="true", account_paid_amount="0.00", **paid)
        | {"cash_paid_amount": "3.30", "fund_paid_amount": "30.00", "credential_type": "id_card"},
        sale("S5", "05 09:00:00", "P1", "C1", has_manual_override="true", account_paid_amount="25.00", **paid)
        | {"mutual_aid_paid_amount": "25.00", "fund_paid_amount": "0.00", "is_third_party_injury": "true"},
        sale("S6", "06 09:00:00", "P1", "C1", account_paid_amount="0.00", **paid),
        sale("S7", "06 10:00:00", "P1", "C1", account_paid_amount="0.00", is_reversal="true", **paid)
        | {"original_settlement_id": "S6", "total_amount": "-9.90", "fund_paid_amount": "-9.90"},
    ]
    for row in visits:
        row.setdefault("is_proxy_purchase", "false")
        row |= {
            "annual_cap_amount": "100.00",
            "annual_paid_to_date_amount": "96.00" if row["settlement_id"] == "S5" else "9",
        }
    amounts = {"S1": "50.00", "S2": "50.00", "S3": "50.00", "S4": "33.30", "S5": "25.00", "S6": "9.90"}
    lines = [line(number, "A", amount) for number, amount in amounts.items()]
    lines.append(line("S7", "A", "-9.90", packs=-1))
    tables = {"settlements": visits, "claim_lines": lines, "providers": SHOPS}
    return _patient(tmp_path_factory.mktemp("till"), tables)


TILL = {  # S1 to S5; S6 and S7 cancel each other
    "proxy_share": 1 / 5,
    "e_credential_share": 3 / 4,  # S5 names none
    "account_only_share": 4 / 5,  # S1 to S3 and S5
    "mutual_aid_share": 25 / 208.30,  # 150 + 33.30 + 25
    "no_cash_share": 4 / 5,
    "near_cap_share": 1 / 5,
    "override_share": 1 / 5,
    "injury_settlements_count": 1,
    "round_amount_share": 3 / 5,  # 50.00 thrice
    "equal_sums_share": 3 / 5,
    "refund_share": 1 / 7,
}


@pytest.mark.parametrize("name", TILL)
def test_payment_by_hand(till, name: str) -> None:
    assert till[name] == pytest.approx(TILL[name], rel=1e-9), name


def test_diagnoses_by_hand(tmp_path) -> None:
    """I10 twice, E11 and J06 once: four visits with a diagnosis, and one without."""
    visits = [sale(f"S{k}", f"0{k} 09:00:00", "P1", "C1") for k in (1, 2, 3, 4, 5)]
    codes = {"S1": "I10", "S2": "I10", "S3": "E11.9", "S4": "J06.9"}
    tables = {
        "settlements": visits,
        "claim_lines": [line(s["settlement_id"], "A", "10.00") for s in visits],
        "providers": SHOPS,
        "diagnoses": [{"settlement_id": s, "diagnosis_code": code} for s, code in codes.items()],
    }
    values = _patient(tmp_path, tables)
    assert values["diagnosis_chapters_count"] == 3
    assert values["diagnosis_groups_count"] == 3
    assert values["without_diagnosis_share"] == 1 / 5
    # Shares 1/2, 1/4, 1/4.
    assert values["diagnosis_entropy_nats"] == pytest.approx(0.5 * math.log(2) + 0.5 * math.log(4), abs=1e-8)
