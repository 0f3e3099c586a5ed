"""A month's supply at four hospitals within a week, at three, and by a registered proxy."""

from tests.rules.example import Example
from tests.rules.world import World


def fetched(*providers, proxy=False, **item):
    # Two packs at 30.00 for thirty days, on 1, 3, 5 and 7 March.
    world = World().add("ref_items", item_code="DRUG", generic_code="G", **item)
    for number, provider in enumerate(providers):
        line = (f"2026-03-0{1 + 2 * number} 10:00:00", "DRUG", 2, 60, {"item_type": "western_drug", "days_supply": 30})
        world.bill(f"S{number}", provider_id=provider, lines=[line], is_proxy_purchase=proxy)
    return world


# On the 3rd, 5th and 7th weeks are in hand from another: 60.00 each. Two such fills are not enough.
NAMED = [("provider", f"P{number}", 6000, 6000, 1) for number in (2, 3, 4)]
EXAMPLES = {
    "hit": Example(fetched("P1", "P2", "P3", "P4"), frozenset({*NAMED, ("patient", "A", 18000, 18000, 3)})),
    "near_miss": Example(fetched("P1", "P2", "P3")),
    "innocent_twin": Example(fetched("P1", "P2", "P3", "P4", proxy=True)),
}
