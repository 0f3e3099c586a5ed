"""Three patients in two beds for ten nights, for nine, and in a group that shares its beds."""

from tests.rules.example import Example
from tests.rules.world import World


def patients(last, **provider):
    # Ten or so nights from 1 March on, 1,000.00 each, half of it the fund's; two licensed beds.
    world = World()
    for each in range(3):
        world.stay(
            f"S{each}", "2026-03-01", last, person_id=f"N{each}", lines=[("2026-03-01", "BED", 1, 1000)], fund=500
        )
    return world.add("providers", provider_id="P1", provider_type="hospital", licensed_beds=2, **provider)


# The third has no bed on any of the ten nights.
EXAMPLES = {
    "hit": Example(patients("2026-03-11"), frozenset({("provider", "P1", 100000, 50000, 1)})),
    "near_miss": Example(patients("2026-03-10")),
    "innocent_twin": Example(patients("2026-03-11", group_id="G1")),
}
