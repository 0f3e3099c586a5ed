"""Features of drugs handed out, of boxes and of stock recomputed by hand; every number shows its arithmetic."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.support.profiles import profiles_of
from tests.support.sales import SHOPS, Row, line, sale


@pytest.fixture(scope="module")
def supply(tmp_path_factory):
    """P1 fetches A for 30 days at C1 on 5 January and 10 January, at C2 on the 20th and, of 90 days, at C1 later."""
    visits = [
        sale("S1", "05 09:00:00", "P1", "C1"),
        sale("S2", "10 09:00:00", "P1", "C1"),
        sale("S3", "20 09:00:00", "P1", "C2"),
        sale("S4", "30 09:00:00", "P1", "C1"),
    ]
    lines = [
        line("S1", "A", "30.00", packs=3, days_supply=30),
        line("S2", "A", "30.00", packs=3, days_supply=30),
        line("S3", "A", "30.00", packs=3, days_supply=30),
        line("S4", "A", "90.00", packs=10, days_supply=90),
        line("S4", "W", "60.00", 2, days_supply=5),
    ]
    terms = [
        {"item_code": "A", "valid_from_date": "2025-01-01", "max_fill_quantity": "10", "max_course_days": 60}
        | {"is_sentinel_drug": "false", "is_brand": "false"},
        # A newer version counts from the day it is in force.
        {"item_code": "A", "valid_from_date": "2026-01-08", "max_fill_quantity": "3", "max_course_days": 60}
        | {"is_sentinel_drug": "false", "is_brand": "true"},
        {"item_code": "W", "is_sentinel_drug": "true", "is_controlled": "I", "is_brand": "false"},
    ]
    tables = {"settlements": visits, "claim_lines": lines, "providers": SHOPS, "ref_items": terms}
    return profiles_of(tmp_path_factory.mktemp("supply"), tables).providers.features.loc["C1"]


SUPPLY = {  # S1, S2, and two lines of S4
    "drug_sentinel_share": 60 / 210,  # 30 + 30 + 90 + 60
    "drug_controlled_share": 1 / 4,
    "drug_brand_share": 2 / 4,  # A from the eighth on
    "drug_quantity_at_cap_share": 2 / 3,  # 3 of 10, then 3 of 3 and 10 of 3; W has no largest fill
    "drug_over_course_share": 1 / 3,  # 90 days of 60
    "drug_supply_mean_days": (30 + 30 + 90 + 5) / 4,
    "drug_long_supply_share": 1 / 4,
    "drug_early_refill_share": 2 / 2,  # 5 days after 30, and 10 days after 30 of C2
    "drug_overlap_days_share": (25 + 20) / 155,  # 30 - 5 and 30 - 10 of all 155 days
    "drug_supplied_elsewhere_share": 1 / 4,  # S4, while the supply of C2 lasts
}


@pytest.mark.parametrize("name", SUPPLY)
def test_supply_by_hand(supply, name: str) -> None:
    assert supply[name] == pytest.approx(SUPPLY[name], rel=1e-9), name


def _scan(code: str, kind: str, provider: str, time: str, settlement: str | None = None, **over: Any) -> Row:
    row = {"event_id": f"{kind}{code}{provider}{time}", "trace_code": code, "event_type": kind}
    row |= {"event_time": f"2026-{time}", "provider_id": provider, "settlement_id": settlement, "item_code": "A"}
    return row | {"is_split_pack": "false"} | over


@pytest.fixture(scope="module")
def boxes(tmp_path_factory):
    """Sales at R1 and R2 in January and March; K1 is sold three times at R1, K2 first at R2, K3 at both at once."""
    days = {"S1": "01-05", "S2": "03-06", "S3": "03-07", "S4": "03-08", "S5": "03-09", "S6": "03-10", "S7": "03-11"}
    days |= {"S8": "03-12", "X1": "03-13", "Q1": "01-20", "Q2": "03-09"}
    sales = [
        sale(number, "", "P1", "R2" if number[0] == "Q" else "R1", settle_time=f"2026-{day} 10:00:00")
        for number, day in days.items()
    ]
    sales += [sale("X2", "", "P1", settle_time="2026-03-13 11:00:00", is_reversal="true", original_settlement_id="X1")]
    for each in sales:
        each.setdefault("is_reversal", "false")
    scans = [
        _scan("K0", "inbound", "R1", "01-02 08:00:00"),
        _scan("K1", "inbound", "R1", "01-02 08:00:00"),
        _scan("K1", "sale", "R1", "01-05 10:00:00", "S1"),
        _scan("K1", "sale", "R1", "03-06 10:00:00", "S2"),
        _scan("K1", "sale", "R1", "03-07 10:00:00", "S3"),
        _scan("K2", "sale", "R2", "01-20 10:00:00", "Q1"),
        _scan("K2", "sale", "R1", "03-08 10:00:00", "S4"),  # 47 days after R2
        _scan("K3", "sale", "R1", "03-09 10:00:00", "S5"),
        _scan("K3", "sale", "R2", "03-09 11:00:00", "Q2"),
        _scan("K0", "sale", "R1", "03-10 10:00:00", "S6", is_split_pack="true", quantity="0.5"),
        _scan("K0", "sale", "R1", "03-11 10:00:00", "S7", is_split_pack="true", quantity="0.5"),
        _scan("K2", "sale", "R1", "03-13 10:00:00", "X1"),  # reversed: K2 is sold once here
    ]
    lines = [line(s["settlement_id"], "A", "-9.00" if s["settlement_id"] == "X2" else "9.00") for s in sales]
    lines[-1]["quantity"] = "-1"
    tables = {"settlements": sales, "claim_lines": lines, "providers": SHOPS, "trace_events": scans}
    return profiles_of(tmp_path_factory.mktemp("boxes"), tables, "2026-03").providers.features


TRACE = {
    "trace_repeat_share": 2 / 5,  # K1 three times, K2, K3
    "trace_code_max_count": 3,
    "trace_elsewhere_share": 1 / 3,  # K2 of K1, K2, K3
    "trace_elsewhere_near_share": 1 / 3,  # K3
    "trace_part_share": 2 / 7,
    "trace_return_ratio": 0.0,
    "trace_missing_share": 1 / 8,  # S8 of S1 to S8
    "trace_no_delivery_share_1m": 2 / 3,  # of K1, K2 and K3 only K1 ever came in
}


@pytest.mark.parametrize("name", TRACE)
def test_boxes_by_hand(boxes, name: str) -> None:
    assert boxes.loc["R1", name] == pytest.approx(TRACE[name], rel=1e-9), name


def test_who_sold_a_box_first_is_not_accused_of_the_secondsale(boxes) -> None:
    assert boxes.loc["R2", "trace_elsewhere_share"] == 0
    assert pd.isna(boxes.loc["R2", "trace_no_delivery_share_1m"])  # it scans no deliveries


def test_a_returned_box_may_be_sold_again(tmp_path) -> None:
    sales = [sale(f"S{i}", f"0{i} 10:00:00", "P1") for i in (5, 6, 7)]
    scans = [
        _scan("K1", "sale", "R1", "01-05 10:00:00", "S5"),
        _scan("K1", "return", "R1", "01-05 12:00:00"),
        _scan("K1", "sale", "R1", "01-06 10:00:00", "S6"),
        _scan("K2", "sale", "R1", "01-07 10:00:00", "S7"),
        _scan("K2", "sale", "R1", "01-07 10:00:05", "S7"),  # scanned twice in one settlement
    ]
    lines = [line(s["settlement_id"], "A", "9.00") for s in sales]
    tables = {"settlements": sales, "claim_lines": lines, "providers": SHOPS, "trace_events": scans}
    values = profiles_of(tmp_path, tables).providers.features.loc["R1"]
    assert (values["trace_repeat_share"], values["trace_code_max_count"]) == (0, 1)
    assert values["trace_return_ratio"] == pytest.approx(1 / 4)


def test_stock_by_hand(tmp_path) -> None:
    """January and February: A opens with 2, 4 come in, 10 are sold; B balances; C is in no book."""
    sales = [sale("S1", "05 10:00:00", "P1"), sale("S2", "", "P1", settle_time="2026-02-05 10:00:00")]
    sales += [sale("S3", "07 10:00:00", "P1")]
    lines = [
        line("S1", "A", "60.00", packs=6),
        line("S2", "A", "40.00", packs=4),
        line("S2", "B", "50.00", 2, packs=5),
        line("S3", "C", "30.00", packs=3),
        line("S3", "B", "10.00", 2, packs=1),
        line("S3", "B", "-10.00", 3, packs=-1, original_line_number=2),  # given back: not sold
    ]

    def book(item: str, month: int, *quantities: int) -> Row:
        names = ("opening_quantity", "purchased_quantity", "closing_quantity")
        row = {"provider_id": "R1", "item_code": item, "month": f"2026-{month:02d}"}
        return row | {name: str(quantity) for name, quantity in zip(names, quantities, strict=True)}

    books = [book("A", 1, 2, 2, 1), book("A", 2, 3, 2, 2), book("B", 1, 4, 0, 4), book("B", 2, 4, 2, 1)]
    tables = {"settlements": sales, "claim_lines": lines, "providers": SHOPS, "stock_movements": books}
    values = profiles_of(tmp_path, tables, "2026-02").providers.features.loc["R1"]
    assert values["stock_short_items_share"] == pytest.approx(1 / 2)  # A: 10 sold, 2 + 4 there; B: 5 of 6
    assert values["stock_short_amount_share"] == pytest.approx(40 / 150)  # 4 of 10 A for 100.00; B for 50.00
    assert values["stock_gap_amount_share"] == pytest.approx(60 / 150)  # by the books 2 + 4 - 2 = 4 of 10 A left
    assert values["stock_unbooked_share"] == pytest.approx(30 / 180)
    assert values["stock_edited_opening_share"] == pytest.approx(1 / 2)  # A closes with 1 and opens with 3
