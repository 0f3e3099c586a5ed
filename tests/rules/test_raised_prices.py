"""A raised price is held against the price before it, as long as it stays high; an offer that ends is no rise."""

import pytest

from tests.rules.examples.drug_price_jump import sale
from tests.rules.world import World

CODE = "drug_price_jump"


def shops(*prices, elsewhere=(10,) * 31):
    """Return a shop that sells two boxes a day of March at these prices, and another."""
    world = World()
    for place, asked in (("P1", prices), ("P2", elsewhere)):
        for day, price in enumerate(asked, start=1):
            sale(world, place, day, price)
    return world


@pytest.mark.parametrize(
    ("prices", "named"),
    [
        # Twenty days at twice the price are twenty days, not the three until an average has caught up.
        ((10,) * 8 + (20,) * 20, 20),
        # It falls back, and rises once more.
        ((10,) * 8 + (20,) * 5 + (10,) * 5 + (20,) * 5, 10),
        # An offer ends: the shop asks what it had asked before.
        ((20,) * 8 + (10,) * 8 + (20,) * 8, 0),
        # Hardly seen at another price: nobody knows what is usual.
        ((10,) * 3 + (20,) * 11, 0),
    ],
)
def test_the_price_before_is_held_fixed(found, prices, named):
    said = found(shops(*prices), CODE)[0]
    assert said == ({("provider", "P1"): (2000 * named, named)} if named else {})


@pytest.mark.parametrize(("asked", "named"), [(18, 8), (19, 0)])
def test_up_to_a_tenth_above_others_is_the_price_of_the_place(found, asked, named):
    # 20.00 after 10.00 at a shop that was cheap: 11 percent above 18.00, 5 above 19.00.
    said = found(shops(*(10,) * 8, *(20,) * 8, elsewhere=(asked,) * 31), CODE)[0]
    assert said == ({("provider", "P1"): (2000 * named, named)} if named else {})


def test_whoever_is_followed_within_the_month_asks_a_new_listed_price(found):
    assert found(shops(*(10,) * 8, *(20,) * 20, elsewhere=(10,) * 20 + (20,) * 11), CODE)[0] == {}


def test_a_little_above_others_who_raised_theirs_too_is_no_jump(found):
    # All ask 10.00 at first; the other asks 18.00 then, and 20.00 are 11 percent more.
    assert found(shops(*(10,) * 8, *(20,) * 20, elsewhere=(10,) * 8 + (18,) * 20), CODE)[0] == {}


@pytest.mark.parametrize(("last", "named"), [((18, 12), 8), ((12, 18), 8), ((19, 12), 0), ((12, 19), 0)])
def test_the_most_that_another_asked_on_its_last_day_is_its_price(found, last, named):
    world = shops(*(10,) * 8, *(20,) * 8, elsewhere=(15,) * 20)
    for hour, price in enumerate(last, start=10):
        drug = {"item_type": "western_drug", "unit": "box"}
        lines = [(f"2026-03-25 {hour}:00:00", "I1", 1, price, drug)]
        world.bill(f"LAST{hour}", lines=lines, encounter_type="pharmacy", provider_id="P2")
    said = found(world, CODE)[0]
    assert said == ({("provider", "P1"): (2000 * named, named)} if named else {})
