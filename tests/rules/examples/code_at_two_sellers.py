"""A code at two shops on following days, four days apart, and one that both had taken in before."""

from tests.rules.example import Example
from tests.rules.ledger.stories import tell

PRINTED_TWICE = ["61 09:00 inbound P1", "62 09:00 inbound P2", "68 10:00 sale P1 A", "70 10:00 sale P2 B"]
# Day 70 is 11 March 2026. The second bill of 100.00 for one box, all of it paid by the fund.
EXAMPLES = {
    "hit": Example(
        tell({"box": ["68 10:00 sale P1 A", "70 10:00 sale P2 B"]}),
        frozenset({("provider", "P2", 10000, 10000, 1)}),
        is_found_among_others=False,
    ),
    "near_miss": Example(tell({"box": ["66 10:00 sale P1 A", "70 10:00 sale P2 B"]}), is_found_among_others=False),
    "innocent_twin": Example(tell({"box": PRINTED_TWICE}), is_found_among_others=False),
}
