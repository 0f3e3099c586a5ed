"""Six admissions on a holiday, four, and six that were planned."""

from tests.rules.example import Example
from tests.rules.world import World


def admissions(number, **stay):
    # One on 2 March, all others on the 16th, a holiday; 100.00 each, half of it the fund's.
    world = World().stay("S", "2026-03-02", "2026-03-04", person_id="Z", lines=[("2026-03-02", "BED", 1, 100)])
    for each in range(number):
        lines = [("2026-03-16", "BED", 1, 100)]
        world.stay(f"S{each}", "2026-03-16", "2026-03-18", person_id=f"N{each}", lines=lines, fund=50, **stay)
    return world.add("ref_holidays", date="2026-03-16", name="Festival")


# Mondays 2 and 9 March: 1 and 0, mean 0.5, and no more than 0.5 + 3 x sqrt(0.5) = 2.6 are usual. Beyond the usual one
# are 5 of 6: of 100.00 each 83.33, half of it 41.66.
EXAMPLES = {
    "hit": Example(admissions(6), frozenset({("provider", "P1", 6 * 8333, 6 * 4166, 6)})),
    "near_miss": Example(admissions(4)),
    "innocent_twin": Example(admissions(6, is_planned_readmission=True)),
}
