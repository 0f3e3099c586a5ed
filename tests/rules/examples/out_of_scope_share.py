"""Fifty bills of which nine tenths lie outside benefit policy, forty-nine, and fifty of a dental centre."""

from tests.rules.example import Example
from tests.rules.peers import bills

AT = "2026-03-05 10:00:00"


def add(world, provider, settlement):
    inside = 10 if provider == "P0" else 90
    line = (AT, "CARE", 1, 100, {"in_scope_amount": inside})
    world.bill(settlement, provider_id=provider, lines=[line], in_scope_amount=inside, fund=inside)


EXAMPLES = {
    "hit": Example(bills(add), frozenset({("provider", "P0", 0, 0, 50)}), is_found_among_others=False),
    "near_miss": Example(bills(add, own=49)),
    "innocent_twin": Example(bills(add, specialty="dentistry")),
}
