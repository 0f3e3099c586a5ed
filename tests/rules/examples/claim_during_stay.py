"""A purchase during a stay, on the day of discharge, and during a leave."""

from tests.rules.example import Example
from tests.rules.world import World


def purchase(day, **line):
    # A stay from 10 to 20 March, and 50.00 spent at a pharmacy, 30.00 of it in scope and all of that paid.
    return (
        World()
        .stay("S1", "2026-03-10", "2026-03-20", lines=[("2026-03-10", "BED", 1, 900), ("2026-03-11", "BED", 1, 900)])
        .bill(
            "S2",
            provider_id="SHOP",
            encounter_type="pharmacy",
            lines=[(f"{day} 15:00:00", "DRUG", 1, 50, {"in_scope_amount": 30} | line)],
            in_scope_amount=30,
            fund=30,
        )
    )


EXAMPLES = {
    "hit": Example(
        purchase("2026-03-11"), frozenset({("provider", "SHOP", 3000, 3000, 1), ("patient", "A", 3000, 3000, 1)})
    ),
    "near_miss": Example(purchase("2026-03-20")),
    "innocent_twin": Example(
        purchase("2026-03-15").add("stay_leaves", settlement_id="S1", start_date="2026-03-14", end_date="2026-03-16")
    ),
}
