"""A service again after a quarter of an hour, after half an hour, and on the other side of the body."""

from tests.rules.example import Example
from tests.rules.world import World


def again(time, site="left"):
    # 80.00 of 100.00 in scope; the fund paid 120.00 of 160.00.
    return World().bill(
        "S1",
        lines=[
            ("2026-03-10 09:30:00", "I", 1, 100, {"in_scope_amount": 80, "body_site": "left"}),
            (f"2026-03-10 {time}", "I", 1, 100, {"in_scope_amount": 80, "body_site": site}),
        ],
        in_scope_amount=160,
        fund=120,
    )


# 80.00; of it the fund's 80.00 x 120.00 / 160.00.
EXAMPLES = {
    "hit": Example(again("09:45:00"), frozenset({("provider", "P1", 8000, 6000, 1)})),
    "near_miss": Example(again("10:00:00")),
    "innocent_twin": Example(again("09:45:00", site="right")),
}
