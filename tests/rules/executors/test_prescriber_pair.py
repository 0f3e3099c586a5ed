"""Two rules look at the pair of a prescriber and a shop, and no line of it is named by both."""

from tests.rules.examples.prescriber_for_one_shop import pair


def test_what_was_written_afterwards_is_named_once(found):
    # Two of twenty scripts, of 100.00 each, were written after the sale; the other eighteen only come from one hand.
    assert found(pair(), "prescriber_for_one_shop")[0][("provider", "P1")] == (20000, 2)
    assert found(pair(), "one_prescriber_shop")[0] == {("provider", "P1"): (180000, 18)}


def test_a_prescriber_who_writes_for_other_shops_too_leaves_all_lines_to_the_shop_that_lives_of_one(found):
    assert found(pair(elsewhere=3), "prescriber_for_one_shop")[0] == {}
    assert found(pair(elsewhere=3), "one_prescriber_shop")[0] == {("provider", "P1"): (200000, 20)}
