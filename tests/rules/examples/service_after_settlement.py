"""A line two days after its settlement, the day after, and a clock that is wrong for all."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def bill(settled, *, others=2):
    world = one_line("2026-03-05", settled=f"{settled} 18:00:00", payment_method="fee_for_service")
    for number in range(others):
        world.bill(f"S{number + 2}", person_id="B", lines=[("2026-03-06", "I2", 1, 30)])
    return world


EXAMPLES = {
    "hit": Example(bill("2026-03-03"), frozenset({PROVIDER})),
    "near_miss": Example(bill("2026-03-04")),
    "innocent_twin": Example(bill("2026-03-03", others=0)),
}
