"""Exemptions ask the reference as it stood on the day of the line, not any version that names no last day."""

import pytest

from tests.rules.examples.bed_days_beyond_stay import stay
from tests.rules.examples.excluded_pair import pair
from tests.rules.world import World


def two_versions(world, item, column, then, now):
    """The item says one thing until 2024 and another since; its first version names no last day."""
    world.add("ref_items", item_code=item, valid_from_date="2020-01-01", **{column: then})
    return world.add("ref_items", item_code=item, valid_from_date="2024-01-01", **{column: now})


# Three equal lines of one unit on a day: the first stands, two repeat it where a day may hold one.
@pytest.mark.parametrize(("then", "now", "said"), [(1, 4, {}), (4, 1, {("provider", "P1"): (4000, 2)})])
def test_equal_lines_are_held_against_the_daily_limit_in_force(found, then, now, said):
    world = World().bill("S1", lines=[("2026-03-05", "DOSE", 1, 20)] * 3)
    assert found(two_versions(world, "DOSE", "max_daily_quantity", then, now), "duplicate_line")[0] == said


# Nine bed-days in a stay of six days: 90.00 x 3 / 9.
@pytest.mark.parametrize(("then", "now", "said"), [(False, True, {}), (True, False, {("provider", "P1"): (3000, 1)})])
def test_a_bed_that_was_once_priced_by_the_hour_is_excused_no_more(found, then, now, said):
    assert found(two_versions(stay(9), "BED", "is_hourly", then, now), "bed_days_beyond_stay")[0] == said


@pytest.mark.parametrize(
    ("billed", "is_found"),
    [("Skin graft", True), ("skin graft, left arm", True), ("Suture", False), ("Dermal flap", False)],
)
def test_a_bill_that_names_another_item_is_excused_and_one_that_says_more_of_it_is_not(found, billed, is_found):
    # The item was once listed as a flap; the catalogue of the day calls it a graft.
    world = two_versions(pair(), "B1", "item_name", "Dermal flap", "Skin graft")
    world.add("ref_items", item_code="A1", item_name="Dressing")
    for line in world.lines:
        line["item_name"] = {"A1": "Dressing", "B1": billed}[line["item_code"]]
    assert bool(found(world, "excluded_pair")[0]) is is_found
