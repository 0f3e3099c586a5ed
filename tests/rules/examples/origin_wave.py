"""Six people of one township admitted in a week, five, and referred ones."""

from tests.rules.example import Example
from tests.rules.world import World


def wave(number, **stay):
    # One a day from 2 March on, 100.00 each, half of it the fund's, all by one doctor.
    world = World()
    for each in range(number):
        first, last = f"2026-03-{each + 2:02d}", f"2026-03-{each + 6:02d}"
        columns = {"person_id": f"N{each}", "attending_practitioner_id": "D1", "fund": 50} | stay
        world.stay(f"S{each}", first, last, lines=[(first, "BED", 1, 100)], **columns)
        world.add("persons", person_id=f"N{each}", township_code="420101001", home_region_code="420101")
    return world.add("providers", provider_id="P1", provider_type="hospital", region_code="420102")


EXAMPLES = {
    "hit": Example(wave(6), frozenset({("provider", "P1", 60000, 30000, 6), ("practitioner", "D1", 60000, 30000, 6)})),
    "near_miss": Example(wave(5)),
    "innocent_twin": Example(wave(6, referral_id="REF1")),
}
