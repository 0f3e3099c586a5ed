"""Six fills at the maximum, five, and six of a registered chronic condition."""

from tests.rules.example import Example
from tests.rules.world import World

DAYS = ("01-05", "01-20", "02-04", "02-19", "03-06", "03-21")


def fills(days, conditions=None):
    # Three packs at 20.00 each time, as many as one fill may have.
    world = World().add("persons", person_id="A", chronic_condition_codes=conditions)
    world.add("ref_items", item_code="DRUG", max_fill_quantity=3)
    for number, day in enumerate(days):
        lines = [(f"2026-{day} 10:00:00", "DRUG", 3, 60, {"item_type": "western_drug"})]
        world.bill(f"S{number}", encounter_type="pharmacy", lines=lines)
    return world


# The two fills of March.
EXAMPLES = {
    "hit": Example(fills(DAYS), frozenset({("patient", "A", 12000, 12000, 2)})),
    "near_miss": Example(fills(DAYS[1:])),
    "innocent_twin": Example(fills(DAYS, conditions="M01600")),
}
