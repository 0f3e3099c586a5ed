"""The visit on paper that goes with a prescription written after the sale is named with it."""

import pytest

from tests.rules.prescribed import fill, new

CODE = "prescription_written_later"
EVENING = "2026-03-05 20:00:00"
DRUG = {("provider", "P1"): (10000, 1), ("practitioner", "D1"): (10000, 1)}
WITH_VISIT = {("provider", "P1"): (10000, 1), ("provider", "C1"): (1500, 1), ("practitioner", "D1"): (11500, 2)}


def seen(world, at=EVENING, *, person="A", more=()):
    """Bill a consultation of 15.00 with the prescriber at the clinic."""
    lines = [(at, "V", 1, 15, {"charge_category": "consultation"}), *more]
    return world.bill("V1", lines=lines, person_id=person, provider_id="C1", attending_practitioner_id="D1")


@pytest.mark.parametrize(
    ("visit", "expected"),
    [
        ({}, WITH_VISIT),
        ({"at": "2026-03-05 09:00:00"}, DRUG),
        ({"at": "2026-03-06 20:00:00"}, DRUG),
        ({"person": "B"}, DRUG),
        ({"more": [(EVENING, "X", 1, 80, {"charge_category": "laboratory"})]}, DRUG),
        ({"more": [(EVENING, "X", 1, 80, {"charge_category": "laboratory", "in_scope_amount": 0})]}, DRUG),
    ],
    ids=["on_paper", "before_the_sale", "another_day", "somebody_else", "with_a_test", "with_a_test_paid_privately"],
)
def test_only_a_visit_on_paper_is_named_with_the_drug(found, visit, expected):
    assert found(seen(fill(new(), 1, written=EVENING), **visit), CODE)[0] == expected


def test_what_was_sold_on_the_last_day_is_named_with_its_visit_in_the_month_of_the_prescription(found):
    world = seen(fill(new(), 1, day="2026-02-28", written="2026-03-01 20:00:00"), "2026-03-01 20:05:00")
    assert not found(world, CODE, "2026-02")[0]
    assert found(world, CODE, "2026-03")[0] == WITH_VISIT


def test_a_visit_between_bill_and_counter_came_before_the_drug(found):
    world = fill(new(), 1, written=EVENING, dispense_time="2026-03-05 15:00:00")
    assert found(seen(world, "2026-03-05 12:00:00"), CODE)[0] == DRUG
