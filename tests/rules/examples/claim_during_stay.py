"""An examination elsewhere during a stay, on the day of discharge, and drugs that the household fetches."""

from tests.rules.example import Example
from tests.rules.world import World


def purchase(day, category="examination", **line):
    # A stay from 10 to 20 March with care on each day, and 50.00 spent elsewhere, 30.00 of it in scope and paid.
    cared = [(f"2026-03-{number}", "NURSE", 1, 50, {"charge_category": "nursing"}) for number in range(10, 21)]
    columns = {"in_scope_amount": 30, "charge_category": category} | line
    return (
        World()
        .stay("S1", "2026-03-10", "2026-03-20", lines=cared)
        .bill(
            "S2",
            provider_id="SHOP",
            encounter_type="outpatient",
            lines=[(f"{day} 15:00:00", "ITEM", 1, 50, columns)],
            in_scope_amount=30,
            fund=30,
        )
    )


EXAMPLES = {
    "hit": Example(
        purchase("2026-03-11"), frozenset({("provider", "SHOP", 3000, 3000, 1), ("patient", "A", 3000, 3000, 1)})
    ),
    "near_miss": Example(purchase("2026-03-20")),
    "innocent_twin": Example(purchase("2026-03-15", "western_drug", item_type="western_drug")),
}
