"""A prescriber who is unknown at the issuing clinic, one registered there, and one who works at two sites."""

from tests.rules.example import Example
from tests.rules.prescribed import fill, known_shops, prescribers
from tests.rules.world import World


def issued(home, attended_by):
    world = known_shops(prescribers(World(), home=home), "P1")
    visit = {"provider_id": "C1", "attending_practitioner_id": attended_by, "person_id": "B"}
    world.bill("V1", lines=[("2026-03-02", "I5", 1, 10)], **visit)
    return fill(world, 1, channel="paper")


EXAMPLES = {
    "hit": Example(
        issued("C2", "D2"),
        frozenset({("provider", "P1", 10000, 10000, 1), ("practitioner", "D1", 10000, 10000, 1)}),
    ),
    "near_miss": Example(issued("C1", "D2")),
    "innocent_twin": Example(issued("C2", "D1")),
}
