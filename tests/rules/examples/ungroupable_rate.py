"""Thirty stays in an ambiguous group, twenty-nine, and thirty of a psychiatric centre."""

from tests.rules.example import Example
from tests.rules.peers import NAMED, one_stay, stays


def add(world, provider, settlement):
    one_stay(world, provider, settlement)
    world.add(
        "drg_assignments", settlement_id=settlement, system="drg", group_code="FQY" if provider == "P0" else "FR25"
    )


EXAMPLES = {
    "hit": Example(stays(add), NAMED, is_found_among_others=False),
    "near_miss": Example(stays(add, own=29)),
    "innocent_twin": Example(stays(add, specialty="psychiatry")),
}
