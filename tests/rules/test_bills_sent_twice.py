"""A drug in the same second on a second bill was handed out once: it lasts no longer, nor is the course."""

import pytest

from tests.rules.examples.drug_possession import fills
from tests.rules.world import World


@pytest.mark.parametrize(("second", "is_found"), [("10:00:00", False), ("10:00:01", True)])
def test_a_bill_sent_twice_is_one_fill(found, second, is_found):
    world = fills(30)  # as many days as are left in peace
    drug = {"item_type": "western_drug", "days_supply": 30}
    world.bill("TWICE", lines=[(f"2026-03-10 {second}", "DRUG", 2, 120, drug)])
    assert bool(found(world, "drug_possession")[0]) == is_found


@pytest.mark.parametrize(("second", "is_found"), [("10:00:00", False), ("10:00:01", True)])
def test_a_bill_sent_twice_is_one_course(found, second, is_found):
    world = World().add("ref_items", item_code="PILL", max_course_days=30)
    drug = {"item_type": "western_drug", "days_supply": 18}
    world.bill("S1", lines=[("2026-03-20 10:00:00", "PILL", 3, 90, drug)])
    world.bill("TWICE", lines=[(f"2026-03-20 {second}", "PILL", 3, 90, drug)])
    assert bool(found(world, "drug_course")[0]) == is_found
