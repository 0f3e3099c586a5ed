"""A treatment two days before admission, the day before, and a laboratory test for the operation."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER
from tests.rules.world import World


def stay(day, **line):
    lines = [("2026-03-10", "BED", 1, 900), (f"{day} 15:00:00", "I1", 1, 100, {"charge_category": "treatment"} | line)]
    return World().stay("S1", "2026-03-10", "2026-03-20", lines=lines, fund=700)


# The fund paid 700.00 of 1,000.00.
EXAMPLES = {
    "hit": Example(stay("2026-03-08"), frozenset({PROVIDER})),
    "near_miss": Example(stay("2026-03-09")),
    "innocent_twin": Example(stay("2026-03-04", charge_category="laboratory")),
}
