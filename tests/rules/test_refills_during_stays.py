"""Whoever asks a doctor for drugs during a stay asks for a refill only where the patient was still taking them."""

import pytest

from tests.rules.examples.claim_during_stay import purchase

DRUG = {"charge_category": "western_drug", "item_type": "western_drug"}


@pytest.mark.parametrize(
    ("fetched", "days", "is_found"),
    [
        ("2026-02-24", 7, False),  # fourteen days before admission on 10 March
        ("2026-02-23", 7, True),
        ("2026-01-13", 28, False),
        ("2025-12-10", None, False),
        ("2025-12-09", None, True),
        ("2025-12-09", 84, True),
        ("2026-03-08", 0, False),  # not told
    ],
)
def test_a_drug_used_up_long_ago_is_no_refill(found, fetched, days, is_found):
    world = purchase("2026-03-15", "registration", in_scope_amount=10)
    seen = {"settlement_id": "S2", "line_number": 2, "item_code": "PILL", "in_scope_amount": 20} | DRUG
    world.lines.append(world.lines[-1] | seen)
    world.bill("BEFORE", lines=[(f"{fetched} 10:00:00", "PILL", 1, 20, DRUG | {"days_supply": days})])
    assert bool(found(world, "claim_during_stay")[0]) == is_found
