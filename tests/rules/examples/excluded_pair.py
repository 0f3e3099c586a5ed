"""An excluded item on the day of the one that may stay, on the next day, and at another site"""

from tests.rules.example import Example
from tests.rules.world import World


def pair(day="2026-03-10", site="left"):
    world = World().add(
        "ref_item_pairs", item_code="A1", excluded_item_code="B1", scope="same_day", modifier_allowed=True
    )
    world.bill("S1", lines=[("2026-03-10 09:00:00", "A1", 1, 100, {"body_site": "left"})])
    return world.bill("S2", lines=[(f"{day} 11:00:00", "B1", 1, 60, {"body_site": site})])


EXAMPLES = {
    "hit": Example(pair(), frozenset({("provider", "P1", 6000, 6000, 1)})),
    "near_miss": Example(pair(day="2026-03-11")),
    "innocent_twin": Example(pair(site="right")),
}
