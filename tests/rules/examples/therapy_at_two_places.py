"""Dialysis at two providers on one day, on two days, and after a transfer."""

from tests.rules.example import Example
from tests.rules.world import World


def treated(day, **second):
    world = World().add("ref_items", item_code="HD", max_weekly_sessions=3)
    world.bill("S1", lines=[("2026-03-10 07:00:00", "HD", 1, 400)], referral_id=None)
    return world.bill("S2", provider_id="P2", lines=[(f"2026-03-{day} 14:00:00", "HD", 1, 400)], **second)


EXAMPLES = {
    "hit": Example(treated(10), frozenset({("provider", "P2", 40000, 40000, 1), ("patient", "A", 40000, 40000, 1)})),
    "near_miss": Example(treated(11)),
    "innocent_twin": Example(treated(10, referral_id="F1")),
}
