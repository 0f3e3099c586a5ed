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
