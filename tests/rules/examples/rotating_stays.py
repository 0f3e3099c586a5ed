"""Six stays at three hospitals, five of them, and six of dialysis."""

from tests.rules.example import Example
from tests.rules.world import World


def stays(number, illness="I63.900"):
    # Five nights each, two days between them, from 3 February on; 100.00, of which the person pays 2.00.
    world, day = World(), 34
    for each in range(number):
        first, last = (f"2026-{1 + (day + n > 31) + (day + n > 59):02d}-{_day(day + n):02d}" for n in (0, 5))
        world.stay(f"S{each}", first, last, provider_id=f"P{each % 3}", lines=[(first, "DRUG", 1, 100)], fund=98)
        world.add("diagnoses", settlement_id=f"S{each}", sequence_number=1, diagnosis_code=illness)
        day += 7
    return world


def _day(of_year):
    return of_year - 59 if of_year > 59 else of_year - 31


# Discharges on 8, 15, 22 February, 1, 8 and 15 March, twice at each hospital: March completes the round.
EXAMPLES = {
    "hit": Example(
        stays(6),
        frozenset({("patient", "A", 60000, 58800, 6)} | {("provider", f"P{n}", 20000, 19600, 2) for n in range(3)}),
    ),
    "near_miss": Example(stays(5)),
    "innocent_twin": Example(stays(6, "Z49.101")),
}
