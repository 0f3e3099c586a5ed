"""One bill of six without a diagnosis, none, and three of eight: the interface."""

from tests.rules.example import Example
from tests.rules.one_line import PROVIDER, one_line


def bills(*missing):
    world = one_line(line={"charge_category": "treatment"})
    for number in range(2, 9):
        world.bill(f"S{number}", person_id="B", lines=[("2026-03-06", "I2", 1, 30)])
    for number in {*range(1, 9)} - {*missing}:
        world.add("diagnoses", settlement_id=f"S{number}", sequence_number=1, diagnosis_code="J06.9")
    return world


EXAMPLES = {
    "hit": Example(bills(1), frozenset({PROVIDER})),
    "near_miss": Example(bills()),
    "innocent_twin": Example(bills(1, 2, 3)),
}
