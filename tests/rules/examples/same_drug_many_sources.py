"""A month's supply at three hospitals within five days, at two, and by a registered proxy."""

from tests.rules.example import Example
from tests.rules.world import World


def fetched(*providers, proxy=False, **item):
    # Two packs at 30.00 for thirty days, on 1, 3, 5 March.
    world = World().add("ref_items", item_code="DRUG", generic_code="G", **item)
    for number, provider in enumerate(providers):
        line = (f"2026-03-0{1 + 2 * number} 10:00:00", "DRUG", 2, 60, {"item_type": "western_drug", "days_supply": 30})
        world.bill(f"S{number}", provider_id=provider, lines=[line], is_proxy_purchase=proxy)
    return world


# On the 3rd 28 days are in hand, 14 beyond the reserve: 60.00 x 14 / 30. On the 5th 56 are: none of the 30 is needed.
EXAMPLES = {
    "hit": Example(
        fetched("P1", "P2", "P3"),
        frozenset(
            {("provider", "P2", 2800, 2800, 1), ("provider", "P3", 6000, 6000, 1), ("patient", "A", 8800, 8800, 2)}
        ),
    ),
    "near_miss": Example(fetched("P1", "P2", "P1")),
    "innocent_twin": Example(fetched("P1", "P2", "P3", proxy=True)),
}
