"""A number that no clinic knows, one at the month's end, and a feed that lacks most prescriptions."""

from tests.rules.example import Example
from tests.rules.prescribed import fill, new


def unknown(day="2026-03-05", others=5, missing=0):
    """Sell on an unknown number; `others` are filled elsewhere, of which some are missing too."""
    world = fill(new(), "old", shop="P2", day="2025-11-20")
    for number in range(others):
        fill(world, number, shop="P2", person=f"B{number}", written="never" if number < missing else None)
    return fill(world, "x", day=day, written="never")


EXAMPLES = {
    "hit": Example(unknown(), frozenset({("provider", "P1", 10000, 10000, 1)}), is_found_among_others=False),
    "near_miss": Example(unknown("2026-03-30"), is_found_among_others=False),
    "innocent_twin": Example(unknown(missing=3), is_found_among_others=False),
}
