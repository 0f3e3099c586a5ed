"""Two prescriptions of a day beyond one fill together, within it, and in emergency care."""

from tests.rules.example import Example
from tests.rules.world import World


def prescribed(*packs, kind="outpatient"):
    # 20.00 a pack, three a fill at most.
    world = World().add("ref_items", item_code="DRUG", max_fill_quantity=3)
    for number, count in enumerate(packs):
        drug = {"item_type": "western_drug", "prescription_id": f"R{number}", "prescriber_id": "D1"}
        line = (f"2026-03-10 1{number}:00:00", "DRUG", count, 20 * count, drug)
        world.bill(f"S{number}", encounter_type=kind, lines=[line])
    return world


# The fourth pack of four: 40.00 x 1 / 2.
EXAMPLES = {
    "hit": Example(
        prescribed(2, 2), frozenset({("provider", "P1", 2000, 2000, 1), ("practitioner", "D1", 2000, 2000, 1)})
    ),
    "near_miss": Example(prescribed(2, 1)),
    "innocent_twin": Example(prescribed(2, 2, kind="emergency")),
}
