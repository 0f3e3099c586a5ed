"""Five units at two providers where four a day are allowed, four, and five on two sides of the body"""

from tests.rules.example import Example
from tests.rules.world import World


def billed(*bills):
    # Each bill is (provider, units, body site) of an item at 10.00 a unit, four a day at most.
    world = World().add("ref_items", item_code="I", max_daily_quantity=4)
    for number, (provider, units, site) in enumerate(bills):
        line = (f"2026-03-10 1{number}:00:00", "I", units, units * 10, {"body_site": site, "prescriber_id": "D1"})
        world.bill(f"S{number}", provider_id=provider, lines=[line])
    return world


EXAMPLES = {
    # The second bill's three units hold one beyond four: 30.00 x 1 / 3.
    "hit": Example(
        billed(("P1", 2, "left"), ("P2", 3, "left")),
        frozenset({("provider", "P2", 1000, 1000, 1), ("practitioner", "D1", 1000, 1000, 1)}),
    ),
    "near_miss": Example(billed(("P1", 2, "left"), ("P2", 2, "left"))),
    "innocent_twin": Example(billed(("P1", 2, "left"), ("P2", 3, "right"))),
}
