"""A shop with fifty payments from accounts, forty-nine, and fifty of which the fund paid one."""

from tests.rules.example import Example
from tests.rules.peers import bills, providers_but_the_first

AT = "2026-03-05 10:00:00"


def till(*, own=50, fund=0):
    def add(world, provider, settlement):
        by_fund = fund if settlement == "P0-00" else 0
        columns = {"encounter_type": "pharmacy", "fund": by_fund, "account_paid_amount": 20 - by_fund}
        lines = [(AT, "PILL", 1, 20)]
        world.bill(settlement, provider_id=provider, person_id=f"N-{settlement}", lines=lines, **columns)
        own_columns = {"gender": "male", "birth_date": "1960-01-01", "home_region_code": "429901"}
        world.add("persons", person_id=f"N-{settlement}", **own_columns)

    world = bills(add, own=own, kind="retail_pharmacy")
    for provider in ("P0", *providers_but_the_first()):
        world.more["providers"][int(provider[1:])]["region_code"] = "429901"
    return world


# 50 payments for 70 insured of the district; the peers one each.
EXAMPLES = {
    "hit": Example(till(), frozenset({("provider", "P0", 0, 0, 50)}), is_found_among_others=False),
    "near_miss": Example(till(own=49)),
    "innocent_twin": Example(till(fund=10)),
}
