"""A box sold again after 68 days, within three, and after it went back to its seller and on to a branch."""

from tests.rules.example import Example
from tests.rules.ledger.stories import tell

BRANCH = ["60 10:00 sale P1 A", "61 10:00 return P1 A", "62 10:00 transfer P1", "62 15:00 inbound B1"]
# Day 70 is 11 March 2026. The second bill of 100.00 for one box, all of it paid by the fund.
EXAMPLES = {
    "hit": Example(
        tell({"box": ["2 10:00 sale P1 A", "70 10:00 sale P2 B"]}),
        frozenset({("provider", "P2", 10000, 10000, 1)}),
        is_found_among_others=False,
    ),
    "near_miss": Example(tell({"box": ["67 10:00 sale P1 A", "70 10:00 sale P2 B"]}), is_found_among_others=False),
    "innocent_twin": Example(tell({"box": [*BRANCH, "70 10:00 sale B1 B"]}), is_found_among_others=False),
}
