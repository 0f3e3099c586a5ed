"""A service after the death, within the grace, and one that ended before it."""

from tests.rules.example import Example
from tests.rules.world import World


def after_death(day, **columns):
    return (
        World()
        .bill("S1", lines=[(f"{day} 10:00:00", "I1", 1, 100)], fund=70, **columns)
        .add("persons", person_id="A", death_date="2026-03-10")
    )


# 100.00 two days after the death, 70 % of it paid by the fund.
EXAMPLES = {
    "hit": Example(
        after_death("2026-03-12"), frozenset({("provider", "P1", 10000, 7000, 1), ("patient", "A", 10000, 7000, 1)})
    ),
    "near_miss": Example(after_death("2026-03-11")),
    "innocent_twin": Example(after_death("2026-03-14", service_start_date="2026-03-01", service_end_date="2026-03-10")),
}
