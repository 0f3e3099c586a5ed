"""A watched drug at two hospitals within three days, once half of it is used, and before a filed stay elsewhere."""

from tests.rules.example import Example
from tests.rules.world import World


def fetched(day, filing=None):
    # Two packs at 30.00 for thirty days.
    world = World().add("ref_items", item_code="DRUG", generic_code="G", is_sentinel_drug=True)
    for number, on in enumerate((1, day)):
        line = (f"2026-03-{on:02d} 10:00:00", "DRUG", 2, 60, {"item_type": "western_drug", "days_supply": 30})
        world.bill(f"S{number}", provider_id=f"P{number + 1}", lines=[line], filing_type=filing)
    return world


# 28 days in hand, beyond the reserve of a week: all of the 60.00.
EXAMPLES = {
    "hit": Example(fetched(3), frozenset({("provider", "P2", 6000, 6000, 1), ("patient", "A", 6000, 6000, 1)})),
    "near_miss": Example(fetched(16)),
    "innocent_twin": Example(fetched(3, filing="long_term_residence")),
}
