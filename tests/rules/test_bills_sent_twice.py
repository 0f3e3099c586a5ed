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


@pytest.mark.parametrize(("number", "is_found"), [(None, False), ("R2", True)])
def test_a_second_prescription_in_the_same_second_is_a_fill_of_its_own(found, number, is_found):
    world = fills(30)
    drug = {"item_type": "western_drug", "days_supply": 30}
    world.bill("TWICE", lines=[("2026-03-10 10:00:00", "DRUG", 2, 120, drug | {"prescription_id": number})])
    assert bool(found(world, "drug_possession")[0]) == is_found


def again(world, name, settled):
    """Settle the bill S1 a second time, later in the day than the first or before it."""
    (lines,) = [[row for row in world.lines if row["settlement_id"] == "S1"]]
    first = next(row for row in world.settlements if row["settlement_id"] == "S1")
    world.settlements.append(first | {"settlement_id": name, "settle_time": settled})
    world.lines += [row | {"settlement_id": name} for row in lines]
    return world


@pytest.mark.parametrize(("settled", "kept"), [("2026-03-20 23:00:00", "S1"), ("2026-03-20 12:00:00", "A1")])
@pytest.mark.parametrize("code", ["drug_course", "early_refills"])
def test_the_bill_that_was_settled_first_is_the_one(found, code, settled, kept):
    world = World().add("ref_items", item_code="PILL", max_course_days=18, generic_code="G")
    drug = {"item_type": "western_drug", "days_supply": 30}
    for number, day in enumerate(("2026-03-01", "2026-03-07", "2026-03-13")):
        world.bill(f"T{number}", lines=[(f"{day} 10:00:00", "PILL", 2, 90, drug)])
    world.bill("S1", lines=[("2026-03-20 10:00:00", "PILL", 3, 90, drug)])
    lines = found(again(world, "A1", settled), code)[1].findings.lines
    named = set(lines.loc[lines["role"] == "violating", "settlement_id"])
    assert named & {"S1", "A1"} == {kept}
