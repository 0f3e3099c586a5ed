"""The payer's rule of fraud/rules/README.md: thirteen hours, twelve, and thirteen in emergency care."""

from tests.rules.example import Example
from tests.rules.examples.practitioner_day import long_day


def in_emergency_care(world):
    for settlement in world.settlements:
        settlement["encounter_type"] = "emergency"
    return world


# 13 sessions of 60 minutes: the last, at P2, passes 720 minutes; 100.00, half of it the fund's.
EXAMPLES = {
    "hit": Example(
        long_day(13), frozenset({("provider", "P2", 10000, 5000, 1), ("practitioner", "D1", 10000, 5000, 1)})
    ),
    "near_miss": Example(long_day(12)),
    "innocent_twin": Example(in_emergency_care(long_day(13))),
}
