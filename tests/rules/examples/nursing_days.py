"""Six nursing days in a stay of five, five, and nursing acts that are given several times a day."""

from tests.rules.example import Example
from tests.rules.world import World


def stay_of(*given, **item):
    """Lie from 1 to 5 March; each line is (day, hour, units) of one nursing item at 100.00."""
    lines = [
        (f"2026-03-0{day} {hour:02d}:00:00", "I", units, 100 * units, {"charge_category": "nursing"})
        for day, hour, units in given
    ]
    return World().stay("S1", "2026-03-01", "2026-03-05", lines=lines).add("ref_items", item_code="I", **item)


FIVE = tuple((day, 8, 1) for day in range(1, 6))
ONCE = {"max_daily_quantity": 1, "is_hourly": False}

# The second nursing day of 3 March is the sixth.
EXAMPLES = {
    "hit": Example(stay_of(*FIVE, (3, 20, 1), **ONCE), frozenset({("provider", "P1", 10000, 10000, 1)})),
    "near_miss": Example(stay_of(*FIVE, **ONCE)),
    "innocent_twin": Example(stay_of(*FIVE, (3, 20, 1), max_daily_quantity=3, is_hourly=False)),
}
