"""Five cards at one till twice in a month, four cards, and five people of one address."""

from tests.rules.example import Example
from tests.rules.world import World


def runs(cards, *, address=None):
    # On two days, one card a minute: two items of 40.00 and 10.00 each, all of it the fund's.
    world = World()
    for day in ("2026-03-05", "2026-03-12"):
        for card in range(cards):
            at = f"{day} 10:{card:02d}:00"
            world.bill(
                f"{day}-{card}",
                provider_id="SHOP",
                person_id=f"N{card}",
                encounter_type="pharmacy",
                terminal_id="T1",
                is_proxy_purchase=False,
                settled=at,
                lines=[(at, "PILL", 1, 40), (at, "SYRUP", 1, 10)],
            )
    for card in range(cards):
        world.add("persons", person_id=f"N{card}", address_hash=address or f"street {card}")
    return world


# Each card: twice 50.00, two lines each time; the shop: five of them.
EXAMPLES = {
    "hit": Example(
        runs(5),
        frozenset(
            {("provider", "SHOP", 50000, 50000, 20)} | {("patient", f"N{card}", 10000, 10000, 4) for card in range(5)}
        ),
    ),
    "near_miss": Example(runs(4)),
    "innocent_twin": Example(runs(5, address="care home")),
}
