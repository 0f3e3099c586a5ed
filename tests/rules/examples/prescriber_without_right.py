"""A prescriber without the right, one with it, and a team's identifier."""

from tests.rules.example import Example
from tests.rules.prescribed import fill, known_shops, prescribers
from tests.rules.world import World


def prescribed(**prescriber):
    return fill(known_shops(prescribers(World(), **prescriber), "P1"), 1)


EXAMPLES = {
    "hit": Example(
        prescribed(may=False),
        frozenset({("provider", "P1", 10000, 10000, 1), ("practitioner", "D1", 10000, 10000, 1)}),
    ),
    "near_miss": Example(prescribed(may=True)),
    "innocent_twin": Example(prescribed(may=False, team=True)),
}
