"""Drugs at three pharmacies on one day, at two, and with a proxy at the third."""

from tests.rules.example import Example
from tests.rules.world import World


def shopping(shops, days=("2026-03-05",), regions=None, **last):
    # 50.00 at each, 30.00 of it the fund's.
    world, drug = World(), {"item_type": "western_drug", "charge_category": "western_drug"}
    for number, day in enumerate(days):
        for each in range(shops):
            lines = [(f"{day} {9 + each:02d}:30:00", "DRUG", 1, 50, drug)]
            columns = {"encounter_type": "pharmacy", "fund": 30} | (last if each == shops - 1 else {})
            settled = f"{day} {9 + each:02d}:31:00"
            world.bill(f"S{number}{each}", provider_id=f"P{each}", lines=lines, settled=settled, **columns)
    for each in range(shops):
        region = (regions or "111")[each] * 6
        world.add("providers", provider_id=f"P{each}", provider_type="retail_pharmacy", region_code=region)
    return world


# All three settlements.
EXAMPLES = {
    "hit": Example(shopping(3), frozenset({("patient", "A", 15000, 9000, 3)})),
    "near_miss": Example(shopping(2)),
    "innocent_twin": Example(shopping(3, is_proxy_purchase=True)),
}
