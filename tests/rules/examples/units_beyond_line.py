"""Five units where a line may hold four, four, and five at two sites of the body."""

from tests.rules.example import Example
from tests.rules.one_line import one_line


def units(quantity, site=None):
    item = {"max_daily_quantity": 4, "max_daily_quantity_scope": "line"}
    return one_line(quantity=quantity, line={"body_site": site, "unit_price": 100 / quantity}, item=item)


# 100.00 x (5 - 4) / 5 = 20.00, 70 % of it the fund's.
EXAMPLES = {
    "hit": Example(units(5), frozenset({("provider", "P1", 2000, 1400, 1)})),
    "near_miss": Example(units(4)),
    "innocent_twin": Example(units(5, "left|right")),
}
