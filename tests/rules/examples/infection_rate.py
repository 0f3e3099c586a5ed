"""Thirty stays with pneumonia caught in hospital, twenty-nine, and thirty that came with it."""

from tests.rules.example import Example
from tests.rules.peers import NAMED, one_stay, stays


def add(world, provider, settlement, came_with=False):
    one_stay(world, provider, settlement)
    caught = provider == "P0" and not came_with
    for number, code in enumerate(("I10.x00", "J18.900"), start=1):
        columns = {
            "sequence_number": number,
            "diagnosis_code": code,
            "is_present_on_admission": number == 1 or not caught,
        }
        world.add("diagnoses", settlement_id=settlement, **columns)


def came_with_it(world, provider, settlement):
    add(world, provider, settlement, came_with=True)


EXAMPLES = {
    "hit": Example(stays(add), NAMED, is_found_among_others=False),
    "near_miss": Example(stays(add, own=29)),
    "innocent_twin": Example(stays(came_with_it)),
}
