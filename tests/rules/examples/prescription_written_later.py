"""A script written in the evening for a sale in the morning, one that came late by minutes, and a renewal."""

from tests.rules.example import Example
from tests.rules.prescribed import fill, new

EVENING = "2026-03-05 20:00:00"
EXAMPLES = {
    "hit": Example(
        fill(new(), 1, written=EVENING, line={"refill_number": 0}),
        frozenset({("provider", "P1", 10000, 10000, 1), ("practitioner", "D1", 10000, 10000, 1)}),
    ),
    "near_miss": Example(fill(new(), 1, written="2026-03-05 10:30:00", line={"refill_number": 0})),
    "innocent_twin": Example(fill(new(), 1, written=EVENING, line={"refill_number": 1})),
}
