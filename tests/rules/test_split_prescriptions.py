"""Strengths of one prescription are one fill, as is its rest; some bills hold no prescription that could be split."""

import pytest

from tests.rules.world import World

AT = "2026-03-10 10:00:00"


def fills(*bills, kind="outpatient"):
    """Bill packs at 20.00 of strengths of one substance, of which a fill has three at most; per bill: item -> packs."""
    world = World()
    for item in ("WEAK", "STRONG"):
        world.add("ref_items", item_code=item, max_fill_quantity=3, generic_code="G")
    for number, (at, packs) in enumerate(bills):
        drug = {"item_type": "western_drug"}
        lines = [(at, item, count, 20 * count, drug) for item, count in packs.items()]
        world.bill(f"S{number}", encounter_type=kind, lines=lines)
    return world


LATER = "2026-03-10 11:00:00"


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        (fills((AT, {"WEAK": 3, "STRONG": 2})), {}),
        # Five of the first prescription, three of the second: these are beyond it.
        (fills((AT, {"WEAK": 3, "STRONG": 2}), (LATER, {"WEAK": 3})), {("provider", "P1"): (6000, 1)}),
        (fills((AT, {"WEAK": 3, "STRONG": 1}), (LATER, {"STRONG": 2})), {}),
        # Each strength is within its own maximum, but no prescription held both.
        (fills((AT, {"WEAK": 3}), (LATER, {"STRONG": 2})), {("provider", "P1"): (4000, 1)}),
        (fills((AT, {"WEAK": 4}), (LATER, {"WEAK": 1})), {}),
        (fills((AT, {"WEAK": 2}), (AT, {"WEAK": 2})), {}),
        (fills((AT, {"WEAK": 2}), (LATER, {"WEAK": 2}), kind="pharmacy"), {}),
    ],
    ids=["one", "again", "rest_of_a_strength", "other_strength", "beyond_by_itself", "sent_twice", "no_prescription"],
)
def test_what_comes_after_the_largest_prescription_violates(found, world, expected):
    assert found(world, "split_prescriptions")[0] == expected


@pytest.mark.parametrize(("days", "is_found"), [(42, False), (43, True), (60, True)])
def test_long_prescriptions_last_twelve_weeks_together(found, days, is_found):
    world = fills((AT, {"WEAK": 2}), ("2026-03-11 09:00:00", {"WEAK": 2}))
    world.add("persons", person_id="A", chronic_condition_codes="I10")
    for line in world.lines:
        line["days_supply"] = days
    assert bool(found(world, "split_prescriptions")[0]) == is_found


def test_what_a_bill_sent_twice_lasts_is_counted_once(found):
    # Two long prescriptions last eighty-four days; sent twice, one of them would make it one hundred and twenty-six.
    world = fills((AT, {"WEAK": 2}), (AT, {"WEAK": 2}), ("2026-03-11 09:00:00", {"WEAK": 2}))
    world.add("persons", person_id="A", chronic_condition_codes="I10")
    for line in world.lines:
        line["days_supply"] = 42
    assert not found(world, "split_prescriptions")[0]
