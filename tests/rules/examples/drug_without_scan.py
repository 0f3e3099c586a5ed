"""A shop that scans half of its drugs where others scan nine in ten, one beyond them by chance, and no-code goods."""

from tests.rules.example import Example
from tests.rules.scans import shops


def world(**own):
    return shops(**own).add("ref_items", item_code="NO-CODE", is_trace_exempt=True)


# 20 of 40 lines of 10.00 without scan; the fence is 10 %. All paid by the fund. 6 of 40 are 15 %, which may be chance:
# ten percent of 40 boxes are missed with a standard deviation of 1.9.
EXAMPLES = {
    "hit": Example(
        world(scanned=20, unscanned=20),
        frozenset({("provider", "P0", 20000, 20000, 20)}),
        is_found_among_others=False,
    ),
    "near_miss": Example(world(scanned=34, unscanned=6)),
    "innocent_twin": Example(world(scanned=20, unscanned=20, item="NO-CODE")),
}
