"""Thirty hours on a day, a full day, and thirty hours of a stay of three days in one line."""

from tests.rules.example import Example
from tests.rules.one_line import one_line


def hours(quantity, until="2026-03-05"):
    return one_line(
        quantity=quantity, line={"unit_price": 100 / quantity}, item={"is_hourly": True}, service_end_date=until
    )


# 100.00 x (30 - 24) / 30 = 20.00, 70 % of it the fund's.
EXAMPLES = {
    "hit": Example(hours(30), frozenset({("provider", "P1", 2000, 1400, 1)})),
    "near_miss": Example(hours(24)),
    "innocent_twin": Example(hours(30, until="2026-03-07")),
}
