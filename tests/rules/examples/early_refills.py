"""Three fills a week after the last, fills after half of the days, and a drug given at dialysis."""

from tests.rules.example import Example
from tests.rules.world import World


def fills(*days, device=None):
    # Two packs at 30.00, for thirty days.
    world = World().add("ref_items", item_code="DRUG", generic_code="G")
    for day in days:
        drug = {"item_type": "western_drug", "days_supply": 30}
        lines = [(f"2026-03-{day:02d} 10:00:00", "DRUG", 2, 60, drug)]
        lines.append((f"2026-03-{day:02d} 09:00:00", "VISIT", 1, 10, {"device_id": device}))
        world.bill(f"S{day:02d}", lines=lines)
    return world


# Early on the 8th, 15th and 22nd: 3 x 60.00.
EXAMPLES = {
    "hit": Example(
        fills(1, 8, 15, 22), frozenset({("provider", "P1", 18000, 18000, 3), ("patient", "A", 18000, 18000, 3)})
    ),
    "near_miss": Example(fills(1, 8, 15, 30)),
    "innocent_twin": Example(fills(1, 8, 15, 22, device="M1")),
}
