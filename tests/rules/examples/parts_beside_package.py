"""A package with both of its parts, the parts on another day, and one part tested again."""

from tests.rules.example import Example
from tests.rules.world import World


def billed(*parts):
    # The package W at 50.00; two of its parts together mean it.
    world = World()
    for part in ("A", "B"):
        world.add("ref_item_packages", package_item_code="W", component_item_code=part, min_components=2)
    return world.bill("S1", lines=[("2026-03-10 09:00:00", "W", 1, 50), *parts])


# Both parts: 20.00 + 30.00.
EXAMPLES = {
    "hit": Example(
        billed(("2026-03-10 09:01:00", "A", 1, 20), ("2026-03-10 09:02:00", "B", 1, 30)),
        frozenset({("provider", "P1", 5000, 5000, 2)}),
    ),
    "near_miss": Example(billed(("2026-03-11 09:01:00", "A", 1, 20), ("2026-03-11 09:02:00", "B", 1, 30))),
    "innocent_twin": Example(billed(("2026-03-10 09:01:00", "A", 1, 20), ("2026-03-10 15:00:00", "A", 1, 20))),
}
