"""Back after ten days for the same illness, after a month, and as planned."""

from tests.rules.example import Example
from tests.rules.world import World


def back(day, illness="J18.901", *, items=("DRUG", "TEST"), **second):
    # P1: 1 to 6 March with two items; back until four days after the given day, 200.00, half of it the fund's.
    last = f"2026-{day[5:7]}-{int(day[8:]) + 4:02d}"
    world = World().stay("S1", "2026-03-01", "2026-03-06", lines=[("2026-03-02", each, 1, 100) for each in items[:2]])
    world.stay("S2", day, last, lines=[(day, each, 1, 100) for each in ("DRUG", "TEST")], fund=100, **second)
    world.add("diagnoses", settlement_id="S1", sequence_number=1, diagnosis_code="J18.900")
    return world.add("diagnoses", settlement_id="S2", sequence_number=1, diagnosis_code=illness)


# 6 to 16 March are ten days; both items were given before.
EXAMPLES = {
    "hit": Example(
        back("2026-03-16"), frozenset({("provider", "P1", 20000, 10000, 1), ("patient", "A", 20000, 10000, 1)})
    ),
    "near_miss": Example(back("2026-03-22")),
    "innocent_twin": Example(back("2026-03-16", is_planned_readmission=True)),
}
