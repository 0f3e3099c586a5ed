"""A shop that scans half of its drugs while others do, one that misses a few, and goods of the no-code library."""

from tests.rules.example import Example
from tests.rules.world import World


def shop(world, provider, *, scanned, unscanned, item="I1"):
    for number in range(scanned + unscanned):
        name, time = f"{provider}-{number}", f"2026-03-{number % 28 + 1:02d} 10:00:00"
        own = {"provider_id": provider, "person_id": f"{provider}{number}", "encounter_type": "pharmacy"}
        world.bill(name, lines=[(time, item, 1, 10, {"item_type": "western_drug"})], **own)
        if number < scanned:
            world.add(
                "trace_events", trace_code=f"8{hash_of(name):019d}", event_time=time, event_type="sale",
                provider_id=provider, item_code=item, settlement_id=name,
            )  # fmt: skip
    return world.add("providers", provider_id=provider, provider_type="retail_pharmacy")


def hash_of(name):
    provider, number = name.split("-")
    return int(provider[1:]) * 1_000_003 + int(number) * 7_919 + 12_345_678_901


def two_shops(exempt=False, **first):
    world = shop(shop(World(), "P1", **first), "P2", scanned=39, unscanned=1)
    return world.add("ref_items", item_code="I9", is_trace_exempt=exempt)


# 20 of 40 lines of 10.00 without scan, beside 1 of 40 elsewhere; all paid by the fund.
EXAMPLES = {
    "hit": Example(
        two_shops(scanned=20, unscanned=20),
        frozenset({("provider", "P1", 20000, 20000, 20)}),
        is_found_among_others=False,
    ),
    "near_miss": Example(two_shops(scanned=33, unscanned=7)),
    "innocent_twin": Example(two_shops(scanned=20, unscanned=20, item="I9", exempt=True)),
}
