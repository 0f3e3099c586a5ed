"""A service again after ten of fourteen days, after fourteen, and on the other side"""

from tests.rules.example import Example
from tests.rules.world import World


def again(day, site="left", provider="P2"):
    world = World().add("ref_items", item_code="I", min_days_between=14)
    work = {"prescriber_id": "D1"}
    world.bill("S1", lines=[("2026-03-01 09:00:00", "I", 1, 100, work | {"body_site": "left"})])
    return world.bill("S2", provider_id=provider, lines=[(f"{day} 09:00:00", "I", 1, 120, work | {"body_site": site})])


EXAMPLES = {
    "hit": Example(
        again("2026-03-11"),
        frozenset({("provider", "P2", 12000, 12000, 1), ("practitioner", "D1", 12000, 12000, 1)}),
    ),
    "near_miss": Example(again("2026-03-15")),
    "innocent_twin": Example(again("2026-03-11", site="right")),
}
