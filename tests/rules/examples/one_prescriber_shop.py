"""A shop whose scripts are all of one prescriber, one with four in twenty of others, and a village without a choice."""

from tests.rules.example import Example
from tests.rules.prescribed import fill, new


def shop(n_one=20, n_others=0, issuers=("C2", "C3")):
    world = new()
    for number in range(n_one):
        fill(world, number, person=f"A{number}")
    for number in range(n_others):
        fill(world, f"o{number}", person=f"O{number}", prescriber_id="D2")
    for clinic in issuers:
        fill(world, clinic, shop="P2", person="C", issuing_provider_id=clinic, prescriber_id="D3")
    return world


# 20 lines of 100.00, all paid by the fund.
EXAMPLES = {
    "hit": Example(shop(), frozenset({("provider", "P1", 200000, 200000, 20)}), is_found_among_others=False),
    "near_miss": Example(shop(n_others=3), is_found_among_others=False),
    "innocent_twin": Example(shop(issuers=()), is_found_among_others=False),
}
