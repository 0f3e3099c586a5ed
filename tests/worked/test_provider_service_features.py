"""Limits of the catalogue and what is charged, recomputed by hand; every expected number shows its arithmetic."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.profiles import profiles_of
from tests.support.visits import stay, tables, visit

_LINE = {"line_number": 1, "item_code": "A", "item_type": "service", "charge_category": "other", "quantity": "1"}


def _bill(given: dict[str, Any], *lines: dict[str, Any]) -> dict[str, Any]:
    """Put lines in place of those that the visits came with; on the day of settlement unless they say otherwise."""
    times = {row["settlement_id"]: row["settle_time"] for row in given["settlements"]}
    given["claim_lines"] = [
        _LINE | {"amount": "10.00", "fee_time": times[line["settlement_id"]], "line_number": n} | line
        for n, line in enumerate(lines, start=1)
    ]
    return given


def _values(folder, given: dict[str, Any]) -> Any:
    return profiles_of(folder, given).providers.features


def _items(*rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [dict(row) for row in rows]


def test_prices_above_the_ceiling_by_hand(tmp_path) -> None:
    """Ceilings of A: 9 in secondary and 12 in tertiary houses; the list of H3's region says 20, from the 20th 5."""
    items = _items(
        {"item_code": "A", "price_ceiling_secondary_amount": "9", "price_ceiling_tertiary_amount": "12"}
        | {"price_ceiling_primary_amount": "8", "price_ceiling_pharmacy_amount": "3"}
    )
    prices = [
        {"item_code": "A", "region_code": "330102", "provider_level": "secondary", "price_ceiling_amount": amount}
        | {"valid_from_date": since}
        for amount, since in (("20", "2025-01-01"), ("5", "2026-01-20"))
    ]
    houses = {"H1": "secondary", "H2": "tertiary", "H3": "secondary", "H4": "ungraded"}
    given = tables(
        *(visit(f"S{k}", "2026-01-05", "P1", "0.00", provider_id=f"H{k}") for k in (1, 2, 3, 4)),
        visit("S5", "2026-01-25", "P1", "0.00", provider_id="H3"),
        providers=[
            {"provider_id": h, "provider_level": level, "region_code": "330102" if h == "H3" else "330101"}
            for h, level in houses.items()
        ],
        ref_items=items,
        ref_prices=prices,
    )
    bills = [{"settlement_id": f"S{k}", "unit_price": "10"} for k in (1, 2, 3, 4, 5)]
    bills += [
        {"settlement_id": "S1", "unit_price": "9"},
        {"settlement_id": "S1", "unit_price": "11"},
        {"settlement_id": "S1", "unit_price": "11", "amount": "-10.00", "quantity": "-1"},
    ]
    share = _values(tmp_path, _bill(given, *bills))["overpriced_lines_share"]
    assert share["H1"] == pytest.approx(1 / 4)  # of 10, 9, 11 and its refund the 10 remains
    assert share["H2"] == 0  # 10 is below 12
    assert share["H3"] == pytest.approx(1 / 2)  # 10 is below 20 and above 5
    assert share["H4"] == 0  # the ungraded have no ceiling


@pytest.fixture(scope="module")
def limited(tmp_path_factory):
    """Eight visits of a woman of 30 and a man of 70 to a primary house."""
    given = tables(
        *(visit(f"S{k}", "2026-01-05", "W" if k % 2 else "M", "0.00") for k in range(1, 9)),
        providers=[{"provider_id": "H1", "provider_level": "primary"}],
        persons=[
            {"person_id": "W", "gender": "female", "birth_date": "1996-01-05"},  # thirty on the day
            {"person_id": "M", "gender": "male", "birth_date": "1955-06-01"},
        ],
        ref_items=_items(
            {"item_code": "A"},
            {"item_code": "DAY", "max_daily_quantity": "2"},
            {"item_code": "LINE", "max_daily_quantity": "2", "max_daily_quantity_scope": "line"},
            {"item_code": "WOMEN", "gender_limit": "female"},
            {"item_code": "OLD", "min_age_years": 31},
            {"item_code": "YOUNG", "max_age_years": 30},
            {"item_code": "HIGH", "min_provider_level": "tertiary"},
        ),
        ref_item_pairs=[
            {"item_code": "X", "excluded_item_code": "Y", "scope": "same_day", "modifier_allowed": "false"},
            {"item_code": "U", "excluded_item_code": "V", "scope": "same_encounter", "modifier_allowed": "true"},
        ],
    )
    lines = [
        {"settlement_id": "S1", "item_code": "DAY", "quantity": "2"},
        {"settlement_id": "S1", "item_code": "DAY", "quantity": "1"},  # three on one day
        {"settlement_id": "S2", "item_code": "DAY", "quantity": "2"},
        {"settlement_id": "S2", "item_code": "DAY", "quantity": "1", "fee_time": "2026-01-04 10:00:00"},  # another day
        {"settlement_id": "S3", "item_code": "LINE", "quantity": "2"},
        {"settlement_id": "S3", "item_code": "LINE", "quantity": "2"},  # no line has three
        {"settlement_id": "S4", "item_code": "LINE", "quantity": "3"},
        {"settlement_id": "S5", "item_code": "OLD"},  # at thirty
        {"settlement_id": "S6", "item_code": "WOMEN"},  # a man
        {"settlement_id": "S7", "item_code": "YOUNG"},  # at thirty, lawful
        {"settlement_id": "S7", "item_code": "WOMEN"},
        {"settlement_id": "S8", "item_code": "WOMEN"},
        {"settlement_id": "S8", "item_code": "WOMEN", "amount": "-10.00", "quantity": "-1"},  # taken back
        {"settlement_id": "S8", "item_code": "HIGH"},
        {"settlement_id": "S1", "item_code": "X"},
        {"settlement_id": "S3", "item_code": "Y"},  # W, the same day
        {"settlement_id": "S4", "item_code": "Y"},  # M had no X
        {"settlement_id": "S5", "item_code": "U", "body_site": "left"},
        {"settlement_id": "S5", "item_code": "V", "body_site": "right"},  # lawful
        {"settlement_id": "S7", "item_code": "U", "body_site": "left"},
        {"settlement_id": "S7", "item_code": "V", "body_site": "left"},
    ]
    return _values(tmp_path_factory.mktemp("limited"), _bill(given, *lines)).loc["H1"]


LIMITED = {
    "over_quantity_share": 2 / 8,  # S1, S4
    "other_age_share": 1 / 8,  # S5
    "other_sex_share": 1 / 8,  # S6
    "above_level_lines_share": 1 / 21,
    "excluded_pairs_share": 2 / 8,  # S3, S7
}


@pytest.mark.parametrize("name", LIMITED)
def test_limits_by_hand(limited, name: str) -> None:
    assert limited[name] == pytest.approx(LIMITED[name]), name


def test_a_pair_whose_other_half_is_reversed_is_none(tmp_path) -> None:
    given = tables(
        visit("S1", "2026-01-05", "P1", "0.00", is_reversal="false", original_settlement_id=None),
        visit("S2", "2026-01-05", "P1", "0.00", is_reversal="false", original_settlement_id=None),
        visit("S3", "2026-01-05", "P1", "0.00", is_reversal="true", original_settlement_id="S1"),
        ref_item_pairs=[{"item_code": "X", "excluded_item_code": "Y", "scope": "same_day"}],
    )
    bill = _bill(
        given,
        {"settlement_id": "S1", "item_code": "X"},
        {"settlement_id": "S2", "item_code": "Y"},
        {"settlement_id": "S3", "item_code": "X", "amount": "-10.00", "quantity": "-1"},
    )
    assert _values(tmp_path, bill).loc["H1", "excluded_pairs_share"] == 0


def test_money_by_kind_by_hand(tmp_path) -> None:
    """A stay of 40 drugs (10 of them taken home), 20 nursing and a test; a visit of 30 herbs, two tests, one back."""
    given = tables(stay("S1", "2026-01-01", "2026-01-04", "P1", "0.00"), visit("S2", "2026-01-05", "P1", "0.00"))
    drug = {"item_type": "western_drug", "charge_category": "western_drug"}
    test = {"charge_category": "laboratory"}
    bill = _bill(
        given,
        {"settlement_id": "S1", "amount": "25.00", "is_discharge_medication": "false"} | drug,
        {"settlement_id": "S1", "amount": "5.00", "is_discharge_medication": "false"}
        | drug
        | {"item_type": "chinese_patent_drug"},
        {"settlement_id": "S1", "amount": "10.00", "is_discharge_medication": "true"} | drug,
        {"settlement_id": "S1", "amount": "20.00", "charge_category": "nursing"},
        {"settlement_id": "S1", "amount": "10.00"} | test,
        {"settlement_id": "S2", "amount": "30.00", "item_type": "herbal", "charge_category": "herbal"},
        {"settlement_id": "S2", "amount": "10.00"} | test,
        {"settlement_id": "S2", "amount": "8.00", "charge_category": "examination"},
        {"settlement_id": "S2", "amount": "-8.00", "quantity": "-1", "charge_category": "examination"},
    )
    values = _values(tmp_path, bill).loc["H1"]
    assert values["nursing_share"] == pytest.approx(20 / (70 + 40))
    assert values["herbal_share"] == pytest.approx(30 / 110)
    assert values["patent_drug_share"] == pytest.approx(5 / 110)
    assert values["take_home_drugs_share"] == pytest.approx(10 / 40)
    assert values["tests_per_settlement_ratio"] == pytest.approx((1 + 1 + 1 - 1) / 2)
