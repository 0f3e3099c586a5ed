"""A bill settled again line by line, with another time, and on another invoice"""

from tests.rules.example import Example
from tests.rules.world import World


def twice(minute="00", invoice="T1"):
    world = World()
    for number, (paper, first) in enumerate((("T1", "00"), (invoice, minute))):
        lines = [(f"2026-03-10 10:{first}:00", "I1", 1, 40), ("2026-03-10 10:05:00", "I2", 2, 60)]
        world.bill(f"S{number}", lines=lines, settled=f"2026-03-1{number} 18:00:00", invoice_number=paper)
    return world


EXAMPLES = {
    "hit": Example(twice(), frozenset({("provider", "P1", 10000, 10000, 2)})),
    "near_miss": Example(twice(minute="20")),
    "innocent_twin": Example(twice(invoice="T2")),
}
