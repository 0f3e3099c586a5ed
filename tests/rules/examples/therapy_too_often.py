"""Dialysis on seven days of a fortnight, on six, and on four days of a week, one of them made up for a holiday's."""

from tests.rules.example import Example
from tests.rules.world import World


def treated(*days):
    world = World().add("ref_items", item_code="HD", max_weekly_sessions=3)
    for day in days:
        world.bill(f"S{day:02d}", lines=[(f"2026-03-{day:02d} 07:00:00", "HD", 1, 400)])
    return world


EXAMPLES = {
    "hit": Example(treated(2, 4, 6, 9, 11, 13, 14), frozenset({("provider", "P1", 40000, 40000, 1)})),
    "near_miss": Example(treated(2, 4, 6, 9, 11, 13, 16)),
    "innocent_twin": Example(treated(2, 4, 9, 10, 11, 13), is_found_among_others=False),
}
