"""A visit by a doctor days after the doctor's death, the day after it, and under a team's identifier."""

from tests.rules.example import Example
from tests.rules.world import World


def visit(day, *, is_team=False):
    work = {"charge_category": "treatment", "executor_id": "D1"}
    world = World().bill("S1", lines=[(f"{day} 10:00:00", "NEEDLE", 1, 50, work)], fund=30)
    world.add("persons", person_id="A").add("persons", person_id="D", death_date="2026-03-04")
    return world.add("practitioners", practitioner_id="D1", person_id="D", is_team_identifier=is_team)


EXAMPLES = {
    "hit": Example(
        visit("2026-03-06"), frozenset({("practitioner", "D1", 5000, 3000, 1), ("provider", "P1", 5000, 3000, 1)})
    ),
    "near_miss": Example(visit("2026-03-05")),
    "innocent_twin": Example(visit("2026-03-06", is_team=True)),
}
