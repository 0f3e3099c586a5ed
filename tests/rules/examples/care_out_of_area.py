"""Five dear visits in another prefecture, four, and filed ones."""

from tests.rules.example import Example
from tests.rules.world import World


def visits(number, **columns):
    # 11,000.00 each, all of it paid: five come to 55,000.00.
    world = World()
    for each in range(number):
        lines = [(f"2026-03-{each + 1:02d}", "DRUG", 1, 11000)]
        regions = {"insured_region_code": "420100", "care_region_code": "110100"}
        world.bill(f"S{each}", lines=lines, **regions, **columns)
    world.settlements[0].setdefault("filing_type", None)
    return world


EXAMPLES = {
    "hit": Example(visits(5), frozenset({("patient", "A", 5500000, 5500000, 5)})),
    "near_miss": Example(visits(4)),
    "innocent_twin": Example(visits(5, filing_type="retired_elsewhere")),
}
