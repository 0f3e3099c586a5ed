"""A special drug for ninety days where sixty are a course, for sixty, and with an approval."""

from tests.rules.example import Example
from tests.rules.world import World


def fills(*days, approved=False):
    # Two packs at 150.00, for thirty days.
    world = World().add("ref_items", item_code="DRUG", max_course_days=60)
    for number, day in enumerate(days):
        line = (f"2026-{day} 10:00:00", "DRUG", 2, 300, {"item_type": "western_drug", "days_supply": 30})
        world.bill(f"S{number}", encounter_type="special_drug", lines=[line], has_manual_override=approved)
    return world


# The third thirty days lie beyond sixty.
EXAMPLES = {
    "hit": Example(
        fills("01-10", "02-08", "03-09"),
        frozenset({("provider", "P1", 30000, 30000, 1), ("patient", "A", 30000, 30000, 1)}),
    ),
    "near_miss": Example(fills("02-08", "03-09")),
    "innocent_twin": Example(fills("01-10", "02-08", "03-09", approved=True)),
}
