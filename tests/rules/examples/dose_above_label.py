"""Twenty-five units for ten days of two, twenty, and a single pack."""

from tests.rules.example import Example
from tests.rules.world import World


def prescribed(units, daily):
    # 2.00 a unit, for ten days.
    world = World().add("ref_items", item_code="DRUG", max_daily_quantity=daily)
    drug = {"item_type": "western_drug", "days_supply": 10, "prescriber_id": "D1"}
    return world.bill("S1", lines=[("2026-03-10 10:00:00", "DRUG", units, 2 * units, drug)])


# 5 of 25 units: 50.00 x 5 / 25.
EXAMPLES = {
    "hit": Example(
        prescribed(25, 2), frozenset({("provider", "P1", 1000, 1000, 1), ("practitioner", "D1", 1000, 1000, 1)})
    ),
    "near_miss": Example(prescribed(20, 2)),
    "innocent_twin": Example(prescribed(1, 0.05)),
}
