"""A visit by a doctor who lies in hospital, on the day of discharge, and under a team's identifier."""

from tests.rules.example import Example
from tests.rules.world import World


def visit(day, *, is_team=False):
    # The doctor D1, insured as D, lies at P2 from 1 to 11 March and is settled there.
    world = World().stay(
        "S1", "2026-03-01", "2026-03-11", person_id="D", provider_id="P2", lines=[("2026-03-01", "BED", 1, 9)]
    )
    work = {"charge_category": "treatment", "executor_id": "D1"}
    world.bill("S2", lines=[(f"{day} 10:00:00", "NEEDLE", 1, 50, work)], fund=30)
    return world.add("practitioners", practitioner_id="D1", person_id="D", is_team_identifier=is_team)


EXAMPLES = {
    "hit": Example(
        visit("2026-03-05"), frozenset({("practitioner", "D1", 5000, 3000, 1), ("provider", "P1", 5000, 3000, 1)})
    ),
    "near_miss": Example(visit("2026-03-11")),
    "innocent_twin": Example(visit("2026-03-05", is_team=True)),
}
