"""Ten overrides by one operator for one provider, nine, and as many for each of its neighbours."""

from tests.rules.example import Example
from tests.rules.world import World


def overrides(number, elsewhere=0):
    # P1 settles 20 bills of 10.00, each of four neighbours 20; the operator O1 sets checks aside for some of them.
    world = World()
    for provider in range(1, 6):
        for each in range(20):
            columns = {"provider_id": f"P{provider}", "person_id": f"N{provider}{each}", "operator_id": "O1", "fund": 5}
            columns["has_manual_override"] = each < (number if provider == 1 else elsewhere)
            world.bill(f"S{provider}{each:02d}", lines=[("2026-03-05", "VISIT", 1, 10)], **columns)
        world.add("providers", provider_id=f"P{provider}", provider_type="clinic", region_code="111111")
    return world


# All 10 of the operator's overrides, where 20 of 100 bills let expect two: five times as many.
EXAMPLES = {
    "hit": Example(overrides(10), frozenset({("provider", "P1", 10000, 5000, 10)})),
    "near_miss": Example(overrides(9)),
    "innocent_twin": Example(overrides(10, elsewhere=10)),
}
