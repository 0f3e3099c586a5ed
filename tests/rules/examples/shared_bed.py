"""Two patients in one bed, one of them without care, for two nights only, and both cared for."""

from tests.rules.example import Example
from tests.rules.world import World


def two_patients(until, *, cared=False):
    # B lies in bed 7 from 1 March and is nursed daily; A has the same bed from 3 March and only pays for it.
    place = {"department_code": "W1", "bed_number": "7"}
    nursed = [(f"2026-03-{day:02d}", "NURSE", 1, 40, {"charge_category": "nursing"}) for day in range(1, until)]
    beds = [(f"2026-03-{day:02d}", "BED", 1, 10, {"charge_category": "bed"}) for day in range(3, 11)]
    beds += [(f"2026-03-{day:02d}", "NURSE", 1, 40, {"charge_category": "nursing"}) for day in range(3, 11) if cared]
    world = World().stay("S1", "2026-03-01", f"2026-03-{until:02d}", person_id="B", lines=nursed, **place)
    return world.stay("S2", "2026-03-03", "2026-03-11", lines=beds, fund=sum(line[3] for line in beds) / 2, **place)


# 3 to 8 March are five nights in common: five beds of 10.00.
EXAMPLES = {
    "hit": Example(two_patients(8), frozenset({("provider", "P1", 5000, 2500, 5)})),
    "near_miss": Example(two_patients(5)),
    "innocent_twin": Example(two_patients(8, cared=True)),
}
