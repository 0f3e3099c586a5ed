"""Six nursing days in a stay of five, five, and nursing acts that are given several times a day."""

from tests.rules.example import Example
from tests.rules.examples.bed_days import FIVE, stay_of

ONCE = {"max_daily_quantity": 1, "is_hourly": False}

# The second nursing day of 3 March is the sixth.
EXAMPLES = {
    "hit": Example(stay_of("nursing", *FIVE, (3, 20, 1), **ONCE), frozenset({("provider", "P1", 10000, 10000, 1)})),
    "near_miss": Example(stay_of("nursing", *FIVE, **ONCE)),
    "innocent_twin": Example(stay_of("nursing", *FIVE, (3, 20, 1), max_daily_quantity=3, is_hourly=False)),
}
