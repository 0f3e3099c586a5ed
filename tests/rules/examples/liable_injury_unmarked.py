"""A stay for an injury that another paid for the day before, five weeks before, and one advanced by decision."""

from tests.rules.example import Example
from tests.rules.world import World


def injured(first="2026-03-09", *, advanced=False):
    """Bill first aid that is marked and a stay that is not, both for one injury; of 300.00 the fund paid 200.00."""
    world = World()
    marked = {"is_third_party_injury": True, "provider_id": "P1", "encounter_type": "emergency"}
    world.bill("S1", lines=[(first, "XRAY", 1, 80)], fund=0, **marked)
    world.stay(
        "S2", "2026-03-10", "2026-03-20", lines=[("2026-03-11", "CAST", 1, 300)], fund=200, provider_id="P2",
        is_third_party_injury=False, has_manual_override=advanced,
    )  # fmt: skip
    for bill in ("S1", "S2"):
        world.add("diagnoses", settlement_id=bill, sequence_number=1, diagnosis_code="S82.201")
    return world


EXAMPLES = {
    "hit": Example(injured(), frozenset({("provider", "P2", 30000, 20000, 1), ("patient", "A", 30000, 20000, 1)})),
    "near_miss": Example(injured("2026-02-02")),
    "innocent_twin": Example(injured(advanced=True)),
}
