"""A practitioner at two places 70 minutes apart, 71, and a team's identifier."""

from tests.rules.example import Example
from tests.rules.world import World


def treatments(minutes, *, is_team=False):
    # 111.3 km by road: the first 30 take 30 minutes, the rest 40.7 at 120 km/h; its ends take ten, as the clocks may.
    work = {"charge_category": "treatment", "executor_id": "D1"}
    world = World()
    for each, (provider, minute) in enumerate((("P1", 0), ("P2", minutes))):
        lines = [(f"2026-03-05 {10 + minute // 60}:{minute % 60:02d}:30", "NEEDLE", 1, 50, work)]
        world.bill(f"S{each}", provider_id=provider, person_id=f"N{each}", lines=lines, fund=30)
    for provider, latitude in (("P1", 30.0), ("P2", 30.77)):
        place = {"latitude": latitude, "longitude": 112.0, "region_code": "111111"}
        world.add("providers", provider_id=provider, provider_type="clinic", **place)
    return world.add("practitioners", practitioner_id="D1", is_team_identifier=is_team)


EXAMPLES = {
    "hit": Example(
        treatments(70), frozenset({("practitioner", "D1", 5000, 3000, 1), ("provider", "P2", 5000, 3000, 1)})
    ),
    "near_miss": Example(treatments(71)),
    "innocent_twin": Example(treatments(70, is_team=True)),
}
