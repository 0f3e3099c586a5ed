"""Two stays with respiratory failure and no oxygen, one of them, and two with a diagnosis nobody knows."""

from tests.rules.example import Example
from tests.rules.world import World


def stays(untreated, diagnosis="J96.000"):
    # 18 stays with the complication and oxygen, 20 plain ones; those of P1 without oxygen cost 100.00.
    world = World()
    for group, weight in (("FR21", 2.0), ("FR25", 1.0)):
        world.add("ref_drg_groups", system="drg", version="2026", group_code=group, weight=weight)
    cases = [(f"T{number:02d}", "FR21", "J96.000", True, "P2") for number in range(18)]
    cases += [(f"N{number:02d}", "FR25", "I10.x00", False, "P2") for number in range(20)]
    cases += [(f"U{number:02d}", "FR21", diagnosis, False, "P1") for number in range(untreated)]
    for name, group, second, oxygen, provider in cases:
        lines = [("2026-03-05", "BED", 1, 100), *([("2026-03-05", "OXYGEN", 1, 20)] if oxygen else [])]
        world.stay(name, "2026-03-05", "2026-03-07", lines=lines, person_id=name, provider_id=provider)
        world.add("drg_assignments", settlement_id=name, system="drg", group_code=group, weight=None)
        for number, code in enumerate(("J18.900", second), start=1):
            world.add("diagnoses", settlement_id=name, sequence_number=number, diagnosis_code=code)
    return world


# Half of the group's weight is for the complication: 2 x 50.00 of 100.00.
EXAMPLES = {
    "hit": Example(stays(2), frozenset({("provider", "P1", 10000, 10000, 2)}), is_found_among_others=False),
    "near_miss": Example(stays(1)),
    "innocent_twin": Example(stays(2, "R99.x00")),
}
