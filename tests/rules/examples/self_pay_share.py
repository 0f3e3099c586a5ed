"""Fifty bills of which the patient pays nine tenths, forty-nine, and fifty of a dental centre."""

from tests.rules.example import Example
from tests.rules.peers import bills

AT = "2026-03-05 10:00:00"


def add(world, provider, settlement):
    paid = 90 if provider == "P0" else 10
    world.bill(settlement, provider_id=provider, lines=[(AT, "CARE", 1, 100)], fund=100 - paid, cash_paid_amount=paid)


EXAMPLES = {
    "hit": Example(bills(add), frozenset({("provider", "P0", 0, 0, 50)}), is_found_among_others=False),
    "near_miss": Example(bills(add, own=49)),
    "innocent_twin": Example(bills(add, specialty="dentistry")),
}
