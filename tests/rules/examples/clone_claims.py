"""Ten people with one bill, nine, and ten at a check-up."""

from tests.rules.example import Example
from tests.rules.world import World


def copies(people, diagnosis="M54.500"):
    # Four items of 10.00 for each, all of it the fund's.
    world = World()
    for number in range(people):
        items = [(f"2026-03-05 {8 + number:02d}:00:00", item, 1, 10) for item in ("A1", "B2", "C3", "D4")]
        world.bill(f"S{number:02d}", person_id=f"N{number:02d}", lines=items)
        world.add("diagnoses", settlement_id=f"S{number:02d}", sequence_number=1, diagnosis_code=diagnosis)
    return world


EXAMPLES = {
    "hit": Example(copies(10), frozenset({("provider", "P1", 40000, 40000, 40)})),
    "near_miss": Example(copies(9)),
    "innocent_twin": Example(copies(10, "Z00.000")),
}
