"""Three equal payments in a day, two, and three whose packs were scanned."""

from tests.rules.example import Example
from tests.rules.world import World


def payments(number, *, event="inbound"):
    # 50.00 each from the person's account, an hour apart; the packs of the first shop's last bill are scanned or not.
    world = World()
    for place in range(number):
        at = f"2026-03-05 {10 + place}:00:00"
        world.bill(
            f"S{place}",
            provider_id="SHOP",
            encounter_type="pharmacy",
            invoice_number=f"N{place}",
            settled=at,
            lines=[(at, "PILL", 1, 50)],
            fund=0,
        )
        world.add(
            "trace_events",
            trace_code=f"81{place:018d}",
            event_time=at,
            event_type=event,
            provider_id="SHOP",
            item_code="PILL",
            settlement_id=f"S{place}",
        )
    return world


EXAMPLES = {
    "hit": Example(payments(3), frozenset({("provider", "SHOP", 15000, 0, 3), ("patient", "A", 15000, 0, 3)})),
    "near_miss": Example(payments(2)),
    "innocent_twin": Example(payments(3, event="sale")),
}
