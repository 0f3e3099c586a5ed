"""A service on four days where three are a course, on three, and again after a fortnight."""

from tests.rules.example import Example
from tests.rules.world import World


def given(*days):
    """One unit at 100.00 on each of these days of March; the longest course has three days."""
    world = World().add("ref_items", item_code="I", max_course_days=3)
    own = {"item_type": "service"}
    return world.bill("S1", lines=[(f"2026-03-{day:02d} 10:00:00", "I", 1, 100, own) for day in days])


EXAMPLES = {
    "hit": Example(given(2, 3, 4, 5), frozenset({("provider", "P1", 10000, 10000, 1)})),
    "near_miss": Example(given(2, 3, 4)),
    "innocent_twin": Example(given(2, 3, 4, 20)),
}
