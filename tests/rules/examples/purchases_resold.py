"""Two boxes of one person sold on in two months, one box alone, and boxes that the person had returned."""

from tests.rules.example import Example
from tests.rules.ledger.stories import tell

BACK = ["3 10:00 sale P1 A", "4 10:00 return P1 A", "5 10:00 transfer P1", "6 10:00 inbound P2", "70 10:00 sale P2 C"]
# Sold on in February and on 11 March 2026: both purchases of 100.00 count in March, when there are two.
EXAMPLES = {
    "hit": Example(
        tell(
            {
                "one": ["2 10:00 sale P1 A", "40 10:00 sale P2 B"],
                "two": ["3 10:00 sale P3 A", "70 10:00 sale P2 C"],
            }
        ),
        frozenset({("patient", "A", 20000, 20000, 2)}),
    ),
    "near_miss": Example(tell({"one": ["2 10:00 sale P1 A", "70 10:00 sale P2 B"]})),
    "innocent_twin": Example(tell({"one": ["2 10:00 sale P1 A", "70 10:00 sale P2 B"], "two": BACK})),
}
