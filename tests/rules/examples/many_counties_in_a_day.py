"""Drugs of two counties on three days, on two, and under a referral."""

from tests.rules.example import Example
from tests.rules.examples.many_providers_in_a_day import shopping

THREE = ("2026-03-05", "2026-03-06", "2026-03-09")
# Both settlements of each day.
EXAMPLES = {
    "hit": Example(shopping(2, THREE, "12"), frozenset({("patient", "A", 30000, 18000, 6)})),
    "near_miss": Example(shopping(2, THREE[:2], "12")),
    "innocent_twin": Example(shopping(2, THREE, "12", referral_id="REF1")),
}
