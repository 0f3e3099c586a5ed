"""Three hundred days of a drug within eighty, two hundred and seventy, and before a filed stay elsewhere."""

from tests.rules.example import Example
from tests.rules.world import World


def fills(last, filing=None):
    # Two packs at 60.00 for sixty days every twenty days, the last for as many as said.
    world = World().add("ref_items", item_code="DRUG", generic_code="G")
    for number, day in enumerate(("2025-12-20", "2026-01-09", "2026-01-29", "2026-02-18", "2026-03-10")):
        drug = {"item_type": "western_drug", "days_supply": last if number == 4 else 60}
        world.bill(f"S{number}", lines=[(f"{day} 10:00:00", "DRUG", 2, 120, drug)], filing_type=filing)
    return world


# 300 days where 1.5 x 180 = 270 are left in peace: 30 of the last fill's 60, half of 120.00.
EXAMPLES = {
    "hit": Example(fills(60), frozenset({("provider", "P1", 6000, 6000, 1), ("patient", "A", 6000, 6000, 1)})),
    "near_miss": Example(fills(30)),
    "innocent_twin": Example(fills(60, filing="long_term_residence")),
}
