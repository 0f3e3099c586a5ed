"""Six bed days in a stay of five, five, and a slip of the keyboard."""

from tests.rules.example import Example
from tests.rules.world import World


def stay_of(category, *given, **item):
    """Lie from 1 to 5 March; each line is (day, hour, units) of one item at 100.00."""
    lines = [
        (f"2026-03-0{day} {hour:02d}:00:00", "I", units, 100 * units, {"charge_category": category})
        for day, hour, units in given
    ]
    world = World().stay("S1", "2026-03-01", "2026-03-05", lines=lines)
    return world.add("ref_items", item_code="I", **item) if item else world


FIVE = tuple((day, 8, 1) for day in range(1, 6))

# The second bed day of 3 March is the sixth.
EXAMPLES = {
    "hit": Example(stay_of("bed", *FIVE, (3, 20, 1)), frozenset({("provider", "P1", 10000, 10000, 1)})),
    "near_miss": Example(stay_of("bed", *FIVE)),
    "innocent_twin": Example(stay_of("bed", (1, 8, 1), (2, 8, 1), (3, 8, 10))),
}
