"""Dialysis on four days of a week, on three, and on four around a holiday."""

from tests.rules.example import Example
from tests.rules.world import World


def treated(*days, holiday=None):
    world = World().add("ref_items", item_code="HD", max_weekly_sessions=3)
    for day in days:
        world.bill(f"S{day}", lines=[(f"2026-03-{day} 07:00:00", "HD", 1, 400)])
    return world.add("ref_holidays", date=holiday) if holiday else world


EXAMPLES = {
    "hit": Example(treated(25, 26, 27, 28), frozenset({("provider", "P1", 40000, 40000, 1)})),
    "near_miss": Example(treated(24, 26, 28, 31)),
    "innocent_twin": Example(treated(25, 26, 27, 28, holiday="2026-03-29"), is_found_among_others=False),
}
