"""A second operation at the full price, at half of it, and through another incision"""

from tests.rules.example import Example
from tests.rules.world import World


def operations(price, site="left"):
    world = (
        World().add("ref_items", item_code="OP1", is_surgery=True).add("ref_items", item_code="OP2", is_surgery=True)
    )
    work = {"executor_id": "D1"}
    first = ("2026-03-10 09:00:00", "OP1", 1, 2000, work | {"body_site": "left"})
    second = ("2026-03-10 09:00:00", "OP2", 1, price, work | {"body_site": site})
    if price == 500:
        second = (*second[:4], second[4] | {"unit_price": 1000, "discount_share": 0.5})
    return world.bill("S1", lines=[first, second])


EXAMPLES = {
    # Half of 1,000.00 was due.
    "hit": Example(
        operations(1000), frozenset({("provider", "P1", 50000, 50000, 1), ("practitioner", "D1", 50000, 50000, 1)})
    ),
    "near_miss": Example(operations(500)),
    "innocent_twin": Example(operations(1000, site="right")),
}
