"""A ceiling reached by purchases of December, one nearly reached, and one reached in hospital."""

from tests.rules.example import Example
from tests.rules.world import World


def december(paid_to_date, **columns):
    # 50.00 of a ceiling of 100.00 are paid in December; in scope are 60.00.
    money = {"annual_cap_amount": 100, "annual_paid_to_date_amount": paid_to_date, "fund": 50}
    columns = {"encounter_type": "pharmacy"} | columns
    return World().bill("S1", lines=[("2026-12-20", "DRUG", 1, 60)], **money, **columns)


# 95 of 100, and 50 of 95 are 52 of 100.
EXAMPLES = {
    "hit": Example(december(95), frozenset({("patient", "A", 6000, 5000, 1)}), "2026-12"),
    "near_miss": Example(december(94), month="2026-12"),
    "innocent_twin": Example(december(95, encounter_type="inpatient"), month="2026-12"),
}
