"""Treatments are nine tenths of a hospital's charges; of one line too few; of a rehabilitation centre."""

from tests.rules.example import Example
from tests.rules.peers import BEYOND, BILL, shares


def world(**own):
    return shares("CARE", BILL, BILL | {"charge_category": "treatment"}, **own)


EXAMPLES = {
    "hit": Example(world(), BEYOND, is_found_among_others=False),
    "near_miss": Example(world(own_counted=99)),
    "innocent_twin": Example(world(specialty="rehabilitation")),
}
