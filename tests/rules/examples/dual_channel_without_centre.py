"""A negotiated drug filled without a prescription, on one of the centre, and on one that has not been delivered."""

from tests.rules.example import Example
from tests.rules.world import World


def filled(prescription=None, channel="paper", day="2026-03-10", name="某单抗注射液", **bill):
    # In scope 80.00 of 100.00; the fund paid 60.00 of 80.00. Another bill shows that the shop is connected.
    # Insured in one district of a prefecture, the pharmacy in another.
    regions = {"insured_region_code": "330106", "care_region_code": "330102", "encounter_type": "special_drug"}
    drug = {"in_scope_amount": 80, "prescription_id": prescription, "item_name": name, "item_type": "western_drug"}
    world = World().bill("S1", lines=[(day, "X1", 1, 100, drug)], in_scope_amount=80, fund=60, **(regions | bill))
    world.bill("S2", lines=[("2026-03-02", "I1", 1, 10, {"prescription_id": "R0"})], fund=0, person_id="B", **regions)
    world.add("providers", provider_id="P1", provider_type="dual_channel_pharmacy")
    world.add("ref_items", item_code="X1", item_name="某单抗", is_dual_channel=True)
    for number, of in (("R0", "hospital_system"), ("R1", channel)):
        world.add(
            "prescriptions", prescription_id=number, person_id="A", issuing_provider_id="H1",
            issue_time="2026-03-01 09:00:00", channel=of,
        )  # fmt: skip
    return world


FOUND = frozenset({("provider", "P1", 8000, 6000, 1)})
EXAMPLES = {
    "hit": Example(filled(), FOUND),
    "near_miss": Example(filled("R1", "prescription_centre")),
    "innocent_twin": Example(filled("R9")),
}
