"""Seventeen hours where peers work eight, sixteen, and a team's identifier."""

from tests.rules.example import Example
from tests.rules.world import World


def days(hours, *, is_team=False):
    # Thirty working days of eight hours by colleagues, and one day of D1: an hour is 100.00, half of it the fund's.
    world = World().add("ref_items", item_code="HOUR", standard_minutes=60.0)
    for number in range(31):
        doctor, done = ("D1", hours) if number == 30 else (f"E{number % 3}", 8)
        work = {"executor_id": doctor, "charge_category": "treatment"}
        day = f"2026-03-{1 + number // 3:02d}"
        lines = [(f"{day} 0{number % 3 + 7}:{each:02d}:00", "HOUR", 1, 100, work) for each in range(done)]
        world.bill(f"S{number:02d}", lines=lines, fund=50 * done)
    for doctor in ("D1", "E0", "E1", "E2"):
        world.add("practitioners", practitioner_id=doctor, specialty="pain", is_team_identifier=is_team)
    return world


# Eight hours are the median, three times eight fewer than 25: all of the day is in question, 25 x 100.00.
EXAMPLES = {
    "hit": Example(
        days(25), frozenset({("provider", "P1", 250000, 125000, 25), ("practitioner", "D1", 250000, 125000, 25)})
    ),
    # Beyond sixteen hours, and no more than three times eight.
    "near_miss": Example(days(24)),
    "innocent_twin": Example(days(25, is_team=True)),
}
