"""Nine days of bed for a stay of five nights, seven, and a second bed for a relative."""

from tests.rules.example import Example
from tests.rules.world import World


def stay(days, *further):
    # 1 to 6 March are six days, discharge included; a bed is 10.00 a day, the fund pays half.
    lines = [("2026-03-05", "BED", days, 10 * days, {"charge_category": "bed"})]
    lines += [("2026-03-05", item, number, 10 * number, {"charge_category": "bed"}) for item, number in further]
    return World().stay("S1", "2026-03-01", "2026-03-06", lines=lines, fund=sum(line[3] for line in lines) / 2)


# 9 - 6 = 3 days beyond: 90.00 x 3 / 9.
EXAMPLES = {
    "hit": Example(stay(9), frozenset({("provider", "P1", 3000, 1500, 1)})),
    "near_miss": Example(stay(7)),
    "innocent_twin": Example(stay(6, ("RELATIVE", 6))),
}
