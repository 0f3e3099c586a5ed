"""A code settled twice at one shop, a second sale after a refund, and parts of one box."""

from tests.rules.example import Example
from tests.rules.ledger.stories import tell

# Day 70 is 11 March 2026. The second bill of 100.00 for one box, all of it paid by the fund.
EXAMPLES = {
    "hit": Example(
        tell({"box": ["2 10:00 sale P1 A", "70 10:00 sale P1 B"]}),
        frozenset({("provider", "P1", 10000, 10000, 1)}),
        is_found_among_others=False,
    ),
    "near_miss": Example(tell({"box": ["69 10:00 reversed P1 A", "70 10:00 sale P1 B"]}), is_found_among_others=False),
    "innocent_twin": Example(
        tell({"box": ["69 10:00 part P1 A boxes=0.5", "70 10:00 part P1 B boxes=0.5"]}), is_found_among_others=False
    ),
}
