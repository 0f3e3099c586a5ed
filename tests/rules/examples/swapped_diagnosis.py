"""Back after ten days under another diagnosis with the same items, with other items, and for chemotherapy."""

from tests.rules.example import Example
from tests.rules.examples.split_admission import back

EXAMPLES = {
    "hit": Example(
        back("2026-03-16", "I10.x00"),
        frozenset({("provider", "P1", 20000, 10000, 1), ("patient", "A", 20000, 10000, 1)}),
    ),
    # One of three different items in common: 33 of 100.
    "near_miss": Example(back("2026-03-16", "I10.x00", items=("DRUG", "OTHER"))),
    "innocent_twin": Example(back("2026-03-16", "Z51.101")),
}
