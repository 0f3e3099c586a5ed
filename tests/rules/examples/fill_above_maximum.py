"""Five packs where three are a fill, three, and five on a long prescription"""

from tests.rules.example import Example
from tests.rules.world import World


def fill(packs, days=30, conditions=None):
    # 20.00 a pack, three a fill at most.
    world = World().add("persons", person_id="A", chronic_condition_codes=conditions)
    world.add("ref_items", item_code="DRUG", max_fill_quantity=3)
    line = ("2026-03-10 10:00:00", "DRUG", packs, packs * 20, {"item_type": "western_drug", "days_supply": days})
    return world.bill("S1", encounter_type="pharmacy", lines=[(*line[:4], line[4] | {"prescriber_id": "D1"})])


EXAMPLES = {
    # Two of five packs: 100.00 x 2 / 5.
    "hit": Example(fill(5), frozenset({("provider", "P1", 4000, 4000, 1), ("practitioner", "D1", 4000, 4000, 1)})),
    "near_miss": Example(fill(3)),
    "innocent_twin": Example(fill(5, days=84, conditions="M01600")),
}
