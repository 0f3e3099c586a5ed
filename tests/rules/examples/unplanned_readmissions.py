"""Thirty people back within a month, twenty-nine, and thirty whose return was planned."""

from tests.rules.example import Example
from tests.rules.peers import NAMED, one_stay, stays


def add(world, provider, settlement, planned=False):
    # P0 had let the same person go on 20 February.
    person = f"N-{settlement}"
    if provider == "P0":
        lines = [("2026-02-18 10:00:00", "BED", 1, 100)]
        world.stay(f"E-{settlement}", "2026-02-18", "2026-02-20", lines=lines, provider_id=provider, person_id=person)
    one_stay(world, provider, settlement, is_planned_readmission=planned)
    world.add("diagnoses", settlement_id=settlement, sequence_number=1, diagnosis_code="I10.x00")


def planned(world, provider, settlement):
    add(world, provider, settlement, planned=True)


EXAMPLES = {
    "hit": Example(stays(add), NAMED, is_found_among_others=False),
    "near_miss": Example(stays(add, own=29)),
    "innocent_twin": Example(stays(planned)),
}
