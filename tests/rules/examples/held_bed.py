"""A stay with care on its first four days only, one with care on most, and leaves that cover the empty days."""

from tests.rules.example import Example
from tests.rules.world import World


def stay(*cared, leave=None):
    # 1 to 11 March: a bed of 10.00 every night, nursing of 40.00 on the days given; the fund pays half.
    lines = [(f"2026-03-{day:02d}", "BED", 1, 10, {"charge_category": "bed"}) for day in range(1, 11)]
    lines += [(f"2026-03-{day:02d}", "NURSE", 1, 40, {"charge_category": "nursing"}) for day in cared]
    world = World().stay("S1", "2026-03-01", "2026-03-11", lines=lines, fund=50 + 20 * len(cared))
    return world.add("stay_leaves", settlement_id="S1", **leave) if leave else world


# Empty are 5 to 10 March: 6 days of 10 nights. They come last: six beds of 10.00.
EXAMPLES = {
    "hit": Example(stay(1, 2, 3, 4), frozenset({("provider", "P1", 6000, 3000, 6), ("patient", "A", 6000, 3000, 6)})),
    # Empty are 7 to 10 March: 4 of 10, no more than 40 of 100.
    "near_miss": Example(stay(1, 2, 3, 4, 5, 6)),
    "innocent_twin": Example(stay(1, 2, 3, 4, leave={"start_date": "2026-03-05", "end_date": "2026-03-10"})),
}
