"""A shop among twenty that bills boxes and scans some of them."""

from tests.rules.peers import among_peers, providers_but_the_first

AT = "2026-03-05 10:00:00"
BOX = {"item_type": "western_drug"}


def shops(*, scanned, unscanned, item=None):
    """Return a world in which P0 scans some of its boxes, each peer eighteen of its twenty.

    Boxes are of different drugs, of which peers sell the first twenty, or P0's all of one `item`.
    """
    world = among_peers("retail_pharmacy")
    for number in range(scanned + unscanned):
        sell(world, "P0", item or f"I{number}", number, number < scanned)
    for turn, provider in enumerate(providers_but_the_first()):
        for number in range(20):
            sell(world, provider, f"I{number}", number, number % 10 != turn % 10)
    return world


def sell(world, provider, item, number, is_scanned):
    """Bill one box of 10.00."""
    bill = f"{provider}-{number:02d}"
    own = {"provider_id": provider, "person_id": f"N-{bill}", "encounter_type": "pharmacy"}
    world.bill(bill, lines=[(AT, item, 1, 10, BOX)], **own)
    if is_scanned:
        scan(world, bill, item, int(provider[1:]) * 1_000_003 + number * 7_919)


def scan(world, bill, item, number):
    """Scan one box of an item for a bill."""
    world.add(
        "trace_events", trace_code=f"8{number + 12_345_678_901:019d}", event_time=AT, event_type="sale",
        provider_id=bill.split("-")[0], item_code=item, settlement_id=bill,
    )  # fmt: skip
