"""Sixty hours in a stay of two calendar days, forty-eight, and a slip of the keyboard."""

from tests.rules.example import Example
from tests.rules.world import World


def monitored(*hours):
    # 10.00 an hour, on 1 and 2 March.
    lines = [(f"2026-03-0{day} 08:00:00", "H", count, 10 * count) for day, count in enumerate(hours, start=1)]
    world = World().add("ref_items", item_code="H", is_hourly=True)
    return world.stay("S1", "2026-03-01", "2026-03-02", lines=lines)


# 12 of the second line's 30 hours lie beyond 2 x 24: 300.00 x 12 / 30.
EXAMPLES = {
    "hit": Example(monitored(30, 30), frozenset({("provider", "P1", 12000, 12000, 1)})),
    "near_miss": Example(monitored(24, 24)),
    "innocent_twin": Example(monitored(5, 50)),
}
