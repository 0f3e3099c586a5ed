"""Three parts of a package for more than its price, for no more, and on two days"""

from tests.rules.example import Example
from tests.rules.world import World


def parts(price, last="2026-03-10"):
    # The package costs 150.00; its three parts cost what is given each.
    world = World().add("ref_items", item_code="PK", price_ceiling_tertiary_amount=150)
    for number in range(3):
        world.add("ref_item_packages", package_item_code="PK", component_item_code=f"C{number}", min_components=3)
    days = ("2026-03-10", "2026-03-10", last)
    for number, day in enumerate(days):
        world.bill(f"S{number}", lines=[(f"{day} 1{number}:00:00", f"C{number}", 1, price)])
    return world.add("providers", provider_id="P1", provider_type="hospital", provider_level="tertiary")


EXAMPLES = {
    # 3 x 80.00 - 150.00 = 90.00: ten of the second part, and all of the third.
    "hit": Example(parts(80), frozenset({("provider", "P1", 9000, 9000, 2)})),
    "near_miss": Example(parts(50)),
    "innocent_twin": Example(parts(80, last="2026-03-11")),
}
