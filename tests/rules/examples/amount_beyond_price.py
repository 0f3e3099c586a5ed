"""100.00 billed for two at 40.00, for two at 50.00, and by a provider all of whose lines are so."""

from tests.rules.example import Example
from tests.rules.one_line import one_line


def billed(unit_price, *, fitting=2):
    world = one_line(quantity=2, line={"unit_price": unit_price})
    for number in range(fitting):
        world.bill(f"S{number + 2}", person_id="B", lines=[("2026-03-06", "I2", 1, 30)])
    return world


# 100.00 x (100.00 - 80.00) / 100.00 = 20.00, 70 % of it the fund's.
EXAMPLES = {
    "hit": Example(billed(40), frozenset({("provider", "P1", 2000, 1400, 1)})),
    "near_miss": Example(billed(50)),
    "innocent_twin": Example(billed(40, fitting=0)),
}
