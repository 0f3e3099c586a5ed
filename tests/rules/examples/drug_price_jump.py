"""A price that doubles at one shop, one that rises by 30 percent, and a rise at all shops."""

from tests.rules.example import Example
from tests.rules.world import World


def prices(here, elsewhere=10):
    world = World()
    for day in range(1, 8):
        for shop in ("P1", "P2"):
            sale(world, shop, day, 10)
    sale(world, "P1", 9, here)
    return sale(world, "P2", 9, elsewhere)


def sale(world, shop, day, price):
    line = (f"2026-03-{day:02d} 10:00:00", "I1", 2, 2 * price, {"item_type": "western_drug", "unit": "box"})
    return world.bill(f"{shop}-{day}", lines=[line], encounter_type="pharmacy", provider_id=shop)


# Two boxes for 40.00 after seven days at 10.00 each: half of it is the rise.
EXAMPLES = {
    "hit": Example(prices(20), frozenset({("provider", "P1", 2000, 2000, 1)})),
    "near_miss": Example(prices(13)),
    "innocent_twin": Example(prices(20, elsewhere=19)),
}
