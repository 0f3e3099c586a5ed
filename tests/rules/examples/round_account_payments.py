"""Fifty round payments by e-credential, forty-nine, and fifty whose packs were scanned."""

from tests.rules.example import Example
from tests.rules.peers import bills

AT = "2026-03-05 10:00:00"


def till(*, own=50, event="inbound"):
    def add(world, provider, settlement):
        amount = 50 if provider == "P0" else 49
        columns = {"encounter_type": "pharmacy", "credential_type": "e_credential", "account_paid_amount": amount}
        lines = [(AT, "PILL", 1, amount)]
        world.bill(settlement, provider_id=provider, lines=lines, fund=0, **columns)
        pack = {"trace_code": f"8{settlement}", "event_time": AT, "event_type": event, "provider_id": provider}
        world.add("trace_events", item_code="PILL", settlement_id=settlement, **pack)

    return bills(add, own=own, kind="retail_pharmacy")


# All of 50 x 50.00: no peer asks for round sums.
EXAMPLES = {
    "hit": Example(till(), frozenset({("provider", "P0", 250000, 0, 50)}), is_found_among_others=False),
    "near_miss": Example(till(own=49)),
    "innocent_twin": Example(till(event="sale")),
}
