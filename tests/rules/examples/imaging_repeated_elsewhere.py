"""A scan again at another hospital after a week, a day later, and under a referral."""

from tests.rules.example import Example
from tests.rules.world import World


def scanned(day, **second):
    world = World().add("ref_items", item_code="CT", imaging_kind="ct")
    world.bill("S1", lines=[("2026-03-01 10:00:00", "CT", 1, 300)], referral_id=None)
    return world.bill("S2", provider_id="P2", lines=[(f"2026-03-{day:02d} 10:00:00", "CT", 1, 300)], **second)


EXAMPLES = {
    "hit": Example(scanned(8), frozenset({("provider", "P2", 30000, 30000, 1)})),
    "near_miss": Example(scanned(9)),
    "innocent_twin": Example(scanned(8, referral_id="F1")),
}
