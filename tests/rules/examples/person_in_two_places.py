"""Two settlements 86 km and fifty minutes apart, a minute more, and by a proxy."""

from tests.rules.example import Example
from tests.rules.world import World


def settlements(minutes, **second):
    # 0.77 degrees of latitude are 85.6 km, 111.3 by road: 55.7 minutes at 120 km/h, of which clocks may explain five.
    drug = {"item_type": "western_drug", "charge_category": "western_drug"}
    world = World()
    for each, (provider, minute) in enumerate((("P1", 0), ("P2", minutes))):
        columns = {"encounter_type": "pharmacy", "fund": 30} | (second if each else {})
        time = f"2026-03-05 10:{minute:02d}:30"
        world.bill(f"S{each}", provider_id=provider, lines=[(time, "DRUG", 1, 50, drug)], settled=time, **columns)
    for provider, latitude in (("P1", 30.0), ("P2", 30.77)):
        place = {"latitude": latitude, "longitude": 112.0, "region_code": "111111"}
        world.add("providers", provider_id=provider, provider_type="retail_pharmacy", **place)
    return world


EXAMPLES = {
    "hit": Example(settlements(50), frozenset({("patient", "A", 5000, 3000, 1), ("provider", "P2", 5000, 3000, 1)})),
    "near_miss": Example(settlements(51)),
    "innocent_twin": Example(settlements(50, is_proxy_purchase=True)),
}
