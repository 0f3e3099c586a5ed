"""A day of 26 hours, a full one, and a team's."""

from tests.rules.example import Example
from tests.rules.world import World


def long_day(sessions, *, is_team=False):
    # Sessions of 60 standard minutes, 100.00 each, one practitioner, half of it at each of two providers.
    world = World().add("ref_items", item_code="HOUR", standard_minutes=60.0)
    world.add("practitioners", practitioner_id="D1", is_team_identifier=is_team)
    own = {"executor_id": "D1", "charge_category": "treatment"}
    for number in range(sessions):
        world.bill(
            f"S{number:02d}",
            provider_id="P1" if number < 12 else "P2",
            person_id=f"N{number:02d}",
            lines=[(f"2026-03-05 {number % 24:02d}:0{number // 24}:00", "HOUR", 1, 100, own)],
            fund=50,
        )
    return world


# 26 hours: the fee times 00:01 and 01:01 of the 25th and 26th session lie early in the day, so in time order the
# last two hours of the day (22:00 and 23:00, at P2) pass 24 x 60 = 1,440 minutes: 2 x 100.00, half of it the fund's.
EXAMPLES = {
    "hit": Example(
        long_day(26), frozenset({("provider", "P2", 20000, 10000, 2), ("practitioner", "D1", 20000, 10000, 2)})
    ),
    "near_miss": Example(long_day(24)),
    "innocent_twin": Example(long_day(26, is_team=True)),
}
