"""Twenty signed of whom none was seen, nineteen, and signed last month."""

from tests.rules.example import Example
from tests.rules.world import World


def panel(number, signed="2025-12-10"):
    # P1 signed some who go to P2 instead; P2 signed forty in the same month, and sees all of them.
    world = World().bill("OLD", lines=[("2026-01-05", "VISIT", 1, 10)], person_id="M0", provider_id="P2")
    for provider, size in (("P1", number), ("P2", 40)):
        for each in range(size):
            person = f"{'N' if provider == 'P1' else 'M'}{each}"
            contract = {"team_id": f"T{provider}", "start_date": signed, "end_date": "2026-12-09"}
            world.add("family_doctor_contracts", person_id=person, provider_id=provider, **contract)
            world.bill(f"S{person}", lines=[("2026-03-05", "VISIT", 1, 10)], person_id=person, provider_id="P2", fund=5)
    world.add("providers", provider_id="P1", provider_type="community_center")
    return world.add("providers", provider_id="P2", provider_type="community_center")


# A contract is no claim: twenty settlements elsewhere are shown, and no line is in question.
EXAMPLES = {
    "hit": Example(panel(20), frozenset({("provider", "P1", 0, 0, 0)})),
    "near_miss": Example(panel(19)),
    "innocent_twin": Example(panel(20, "2026-02-10")),
}
