"""Thirty hours on a day, twenty-four, and the hours of a stay posted on one day."""

from tests.rules.example import Example
from tests.rules.world import World


def monitored(second):
    # 10.00 an hour.
    world = World().add("ref_items", item_code="H", is_hourly=True)
    lines = [("2026-03-10 08:00:00", "H", 20, 200), ("2026-03-10 20:00:00", "H", second, 10 * second)]
    return world.bill("S1", lines=lines)


def posted_at_once():
    world = World().add("ref_items", item_code="H", is_hourly=True)
    lines = [("2026-03-10 08:00:00", "H", 20, 200), ("2026-03-10 20:00:00", "H", 10, 100)]
    return world.stay("S1", "2026-03-08", "2026-03-10", lines=lines)


# 6 of the second line's 10 hours: 100.00 x 6 / 10.
EXAMPLES = {
    "hit": Example(monitored(10), frozenset({("provider", "P1", 6000, 6000, 1)})),
    "near_miss": Example(monitored(4)),
    "innocent_twin": Example(posted_at_once()),
}
