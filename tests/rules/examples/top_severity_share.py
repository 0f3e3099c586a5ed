"""Thirty stays with major complications, twenty-nine, and thirty of an oncology centre."""

from tests.rules.example import Example
from tests.rules.peers import NAMED, one_stay, stays


def add(world, provider, settlement):
    one_stay(world, provider, settlement)
    world.add(
        "drg_assignments", settlement_id=settlement, system="drg", group_code="FR21" if provider == "P0" else "FR25"
    )


EXAMPLES = {
    "hit": Example(stays(add), NAMED, is_found_among_others=False),
    "near_miss": Example(stays(add, own=29)),
    "innocent_twin": Example(stays(add, specialty="oncology")),
}
