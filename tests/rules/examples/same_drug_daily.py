"""The same drug on four days, on four days with one between, and one prescription handed out over four days."""

from tests.rules.example import Example
from tests.rules.world import World


def bought(*days, prescription=None):
    world = World()
    for day in days:
        line = (
            f"2026-03-{day:02d} 10:00:00",
            "I1",
            1,
            50,
            {"item_type": "western_drug", "days_supply": 7, "prescription_id": prescription},
        )
        world.bill(f"S{day}", lines=[line], encounter_type="pharmacy", provider_id=f"P{day % 2}")
    return world


# The second, the third and the fourth day, 50.00 each.
EXAMPLES = {
    "hit": Example(bought(3, 4, 5, 6), frozenset({("patient", "A", 15000, 15000, 3)})),
    "near_miss": Example(bought(3, 4, 6, 7)),
    "innocent_twin": Example(bought(3, 4, 5, 6, prescription="R1")),
}
