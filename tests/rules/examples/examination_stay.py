"""Three stays of two nights for tests, two of them, and with an operation."""

from tests.rules.example import Example
from tests.rules.world import World


def stays(number, *, operation=False):
    # 90.00 of 100.00 are tests; the fund pays half.
    world = World()
    for each in range(number):
        tests = ("2026-03-02", "CT", 1, 90, {"charge_category": "examination"})
        bed = ("2026-03-02", "BED", 1, 10, {"charge_category": "bed"})
        world.stay(f"S{each}", "2026-03-01", "2026-03-03", person_id=f"N{each}", lines=[tests, bed], fund=50)
        world.add("diagnoses", settlement_id=f"S{each}", sequence_number=1, diagnosis_code="I10.x00")
        if operation:
            world.add("procedures", settlement_id=f"S{each}", sequence_number=1, procedure_code="13.41")
    return world


EXAMPLES = {
    "hit": Example(stays(3), frozenset({("provider", "P1", 30000, 15000, 3)})),
    "near_miss": Example(stays(2)),
    "innocent_twin": Example(stays(3, operation=True)),
}
