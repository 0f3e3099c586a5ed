"""125.00 paid on a bill of 100.00, 100.00, and a relatives' part that is told twice."""

from tests.rules.example import Example
from tests.rules.one_line import one_line


def paid(account, *, relatives=0, others=2):
    amounts = {"account_paid_amount": account, "cash_paid_amount": 30, "mutual_aid_paid_amount": relatives}
    world = one_line(**amounts)
    for number in range(others):
        world.bill(f"S{number + 2}", person_id="B", lines=[("2026-03-06", "I2", 1, 30)])
    return world


# 70.00 + 25.00 + 30.00 = 125.00; 100.00 x 25 / 125 = 20.00, 70 % of it the fund's.
EXAMPLES = {
    "hit": Example(paid(25), frozenset({("provider", "P1", 2000, 1400, 1), ("patient", "A", 2000, 1400, 1)})),
    "near_miss": Example(paid(0)),
    "innocent_twin": Example(paid(25, relatives=25)),
}
