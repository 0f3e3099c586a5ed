"""A test for the third time in thirty days, on the thirty-first day, and at another site of the body."""

from tests.rules.example import Example
from tests.rules.world import World


def tested(*times):
    # At most twice in thirty days; each time is (day, body site).
    world = World().add("ref_items", item_code="T", frequency_max_count=2, frequency_window_days=30)
    for day, site in times:
        world.bill(f"S{day}", lines=[(f"2026-03-{day:02d} 10:00:00", "T", 1, 100, {"body_site": site})])
    return world


EXAMPLES = {
    "hit": Example(tested((1, "left"), (10, "left"), (30, "left")), frozenset({("provider", "P1", 10000, 10000, 1)})),
    "near_miss": Example(tested((1, "left"), (10, "left"), (31, "left"))),
    "innocent_twin": Example(tested((1, "left"), (10, "left"), (30, "right"))),
}
