"""Four packs after none, one of them for a nurse; three; and four while others use more of it too."""

from tests.rules.example import Example
from tests.rules.world import World


def packs(number, *, elsewhere=1):
    # 100.00 a pack, written by D1; P2 uses one pack a month, in March `elsewhere`.
    world = World().add("ref_items", item_code="WATCHED", is_sentinel_drug=True)
    world.add("practitioners", practitioner_id="D2", provider_id="P1", person_id="N0")
    for place in range(number):
        lines = [(f"2026-03-{place + 1:02d} 10:00:00", "WATCHED", 1, 100, {"prescriber_id": "D1"})]
        world.bill(f"S{place}", person_id=f"N{place}", lines=lines)
    for month, used in (("2026-01", 1), ("2026-02", 1), ("2026-03", elsewhere)):
        for place in range(used):
            lines = [(f"{month}-{place + 1:02d} 10:00:00", "WATCHED", 1, 100, {"prescriber_id": "D3"})]
            world.bill(f"{month}-{place}", person_id="X", provider_id="P2", lines=lines)
    return world


EXAMPLES = {
    "hit": Example(packs(4), frozenset({("provider", "P1", 40000, 40000, 4), ("practitioner", "D1", 40000, 40000, 4)})),
    "near_miss": Example(packs(3)),
    "innocent_twin": Example(packs(4, elsewhere=4)),
}
