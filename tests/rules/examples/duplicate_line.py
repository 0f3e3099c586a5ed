"""The later of two equal lines, and lines that only look equal."""

from tests.rules.example import Example
from tests.rules.world import World


def duplicate(second_time="2026-03-05 09:30:00", **second_columns):
    # In scope 80.00 of 100.00 per line; the fund paid 120.00 of the settlement's 160.00 in scope.
    return World().bill(
        "S1",
        lines=[
            ("2026-03-05 09:30:00", "I1", 2, 100, {"in_scope_amount": 80, "body_site": "left"}),
            (second_time, "I1", 2, 100, {"in_scope_amount": 80, "body_site": "left"} | second_columns),
        ],
        in_scope_amount=160,
        fund=120,
    )


# 80.00 in scope of the later line; 80.00 x 120.00 / 160.00 = 60.00 of it the fund's.
EXAMPLES = {
    "hit": Example(duplicate(), frozenset({("provider", "P1", 8000, 6000, 1)})),
    "near_miss": Example(duplicate("2026-03-05 09:30:01")),
    "innocent_twin": Example(duplicate(body_site="right")),
}
