"""The same drug on four days, on four with one between, and one prescription filled over four days by one shop."""

from tests.rules.example import Example
from tests.rules.world import World


def bought(*days, prescription=None, shops=2, supply=7):
    world = World()
    for day in days:
        line = (
            f"2026-03-{day:02d} 10:00:00",
            "I1",
            1,
            50,
            {"item_type": "western_drug", "days_supply": supply, "prescription_id": prescription},
        )
        world.bill(f"S{day}", lines=[line], encounter_type="pharmacy", provider_id=f"P{day % shops}")
    return world


# The second, the third and the fourth day, 50.00 each.
EXAMPLES = {
    "hit": Example(bought(3, 4, 5, 6), frozenset({("patient", "A", 15000, 15000, 3)})),
    "near_miss": Example(bought(3, 4, 6, 7)),
    "innocent_twin": Example(bought(3, 4, 5, 6, prescription="R1", shops=1)),
}
