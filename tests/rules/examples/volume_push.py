"""A month of fifty bills after months of one, of forty-nine, and of fifty at a new specialist centre."""

from tests.rules.example import Example
from tests.rules.peers import bills, providers_but_the_first


def add(world, provider, settlement):
    world.bill(settlement, provider_id=provider, lines=[("2026-03-05 10:00:00", "CARE", 1, 100)])


def push(**own):
    world = bills(add, **own)
    for provider in ("P0", *providers_but_the_first()):
        for month in ("2025-12", "2026-01", "2026-02"):
            world.bill(f"{month}-{provider}", provider_id=provider, lines=[(f"{month}-05 10:00:00", "CARE", 1, 100)])
    return world


EXAMPLES = {
    "hit": Example(push(), frozenset({("provider", "P0", 0, 0, 50)}), is_found_among_others=False),
    "near_miss": Example(push(own=49)),
    "innocent_twin": Example(push(specialty="ophthalmology")),
}
