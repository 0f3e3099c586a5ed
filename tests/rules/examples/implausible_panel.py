"""A hundred patients in a day where peers see two, eighty, and a doctor without a colleague."""

from tests.rules.example import Example
from tests.rules.world import World


def panel(number, *, alone=False):
    # Thirty days of two patients by a colleague, and one day of D1: a visit is 10.00, half of it the fund's.
    world = World()
    visits = [("E1", "P2" if alone else "P1", day) for day in range(1, 31) for _ in range(2)]
    visits += [("D1", "P1", 31)] * number
    for each, (doctor, provider, day) in enumerate(visits):
        columns = {"person_id": f"N{each}", "provider_id": provider, "attending_practitioner_id": doctor}
        world.bill(f"S{each:03d}", lines=[(f"2026-03-{day:02d}", "VISIT", 1, 10)], fund=5, **columns)
    for doctor in ("D1", "E1"):
        world.add("practitioners", practitioner_id=doctor, specialty="general")
    return world


# 20 of 100 beyond 80: of 10.00 each 2.00.
EXAMPLES = {
    "hit": Example(
        panel(100), frozenset({("practitioner", "D1", 20000, 10000, 100), ("provider", "P1", 20000, 10000, 100)})
    ),
    "near_miss": Example(panel(80)),
    "innocent_twin": Example(panel(100, alone=True)),
}
