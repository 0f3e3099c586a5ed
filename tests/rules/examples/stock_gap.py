"""Twice what the shelf held, half as much again, and a branch that sold what its sister had bought."""

from tests.rules.example import Example
from tests.rules.world import World


def sales(packs, *, sister=0, group=None):
    # One pack a day at 20.00, ten packs on the shelf and ten bought; a sister with stock of its own, or no relation.
    world = World().add("ref_items", item_code="PILL", units_per_pack=10)
    for number in range(packs):
        at = f"2026-03-{number % 28 + 1:02d} {10 + number // 28}:00:00"
        world.bill(f"S{number:02d}", provider_id="P1", encounter_type="pharmacy", lines=[(at, "PILL", 1, 20)], fund=10)
    world.bill("X", provider_id="P2", encounter_type="pharmacy", lines=[("2026-03-01 10:00:00", "PILL", 1, 20)])
    for provider, opening in (("P1", 10), ("P2", sister)):
        world.add("providers", provider_id=provider, provider_type="retail_pharmacy", group_id=group or provider)
        books = {"opening_quantity": opening, "purchased_quantity": 10}
        world.add("stock_movements", provider_id=provider, item_code="PILL", month="2026-03", **books)
    return world


# 40 sold of 20: the last twenty packs violate, 20 x 20.00, half of it the fund's; 30 are one and a half times 20.
EXAMPLES = {
    "hit": Example(sales(40), frozenset({("provider", "P1", 40000, 20000, 20)})),
    "near_miss": Example(sales(30)),
    "innocent_twin": Example(sales(40, sister=100, group="CHAIN")),
}
