"""Five stays with one bill and no cash, the same with one stay less, and five with an operation."""

from tests.rules.example import Example
from tests.rules.world import World


def stays(people, *, operated=False):
    # Two nights, each with a nurse or a test, 200.00 in two lines of 100.00, all of it paid by the fund.
    world = World()
    kind = {"charge_category": "surgery" if operated else "laboratory"}
    for number in range(people):
        lines = [("2026-03-05", "NURSE", 1, 100, {"charge_category": "nursing"}), ("2026-03-06", "CARE", 1, 100, kind)]
        world.stay(f"S{number}", "2026-03-05", "2026-03-07", lines=lines, person_id=f"N{number}", cash_paid_amount=0)
    return world


EXAMPLES = {
    "hit": Example(
        stays(5),
        frozenset(
            {("provider", "P1", 100000, 100000, 10)}
            | {("patient", f"N{number}", 20000, 20000, 2) for number in range(5)}
        ),
    ),
    "near_miss": Example(stays(4)),
    "innocent_twin": Example(stays(5, operated=True)),
}
