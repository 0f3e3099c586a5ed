"""What was sold from a shelf on which nothing lay is held against one unit."""

import pytest

from tests.rules.world import World

CODE = "stock_gap"


def sales(packs, opening):
    world = World().add("providers", provider_id="P1", provider_type="retail_pharmacy")
    for number in range(packs):
        at = f"2026-03-{number + 1:02d} 10:00:00"
        world.bill(f"S{number:02d}", encounter_type="pharmacy", lines=[(at, "PILL", 1, 20)])
    books = {"opening_quantity": opening, "purchased_quantity": 0}
    return world.add("stock_movements", provider_id="P1", item_code="PILL", month="2026-03", **books)


# 21 sold of nothing are 21 times one unit; of three, seven times what was there.
@pytest.mark.parametrize(("opening", "percent", "lines"), [(0, 2100, 21), (3, 700, 18)])
def test_the_reason_holds_what_was_sold_against_one_unit_at_least(found, opening, percent, lines):
    said, run = found(sales(21, opening), CODE)
    assert said == {("provider", "P1"): (lines * 2000, lines)}
    (reason,) = run.findings.findings["reason_en"]
    assert f"in the quarter up to {percent:,} percent of what was there, counted as one unit at least." in reason
