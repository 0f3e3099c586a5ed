"""CT is nine tenths of a hospital's charges; of one line too few; of an imaging centre."""

from tests.rules.example import Example
from tests.rules.peers import BEYOND, BILL, shares


def world(**own):
    return shares("SCAN", BILL, BILL, **own).add("ref_items", item_code="SCAN", imaging_kind="ct")


EXAMPLES = {
    "hit": Example(world(), BEYOND, is_found_among_others=False),
    "near_miss": Example(world(own_counted=99)),
    "innocent_twin": Example(world(specialty="imaging")),
}
