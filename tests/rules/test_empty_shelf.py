"""What was sold is held against what lay on the shelf, over whichever months up to this one, and one unit at least."""

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
    assert (
        f"in the months to this one up to {percent:,} percent of what was there, counted as one unit at least."
        in reason
    )


def months_of(*sold_and_bought):
    """Sell single packs in the months up to March, of what was bought in each, with nothing left."""
    world = World().add("providers", provider_id="P1", provider_type="retail_pharmacy")
    for month, (sold, bought) in enumerate(sold_and_bought, 4 - len(sold_and_bought)):
        for number in range(sold):
            at = f"2026-{month:02d}-{number + 1:02d} 10:00:00"
            world.bill(f"S{month}{number:02d}", encounter_type="pharmacy", lines=[(at, "PILL", 1, 20)])
        books = {"opening_quantity": 0, "purchased_quantity": bought, "closing_quantity": 0}
        world.add("stock_movements", provider_id="P1", item_code="PILL", month=f"2026-{month:02d}", **books)
    return world


@pytest.mark.parametrize(
    ("months", "lines"),
    [
        pytest.param([(20, 20), (4, 4), (19, 11)], 8, id="one month, in a quarter that sold much"),
        pytest.param([(20, 20), (5, 3), (5, 3)], 4, id="two packs in each of two months"),
        pytest.param([(20, 20), (5, 3), (5, 5)], 0, id="a month in which enough was there adds nothing"),
        pytest.param([(20, 20), (9, 6), (9, 6)], 0, id="one and a half times"),
    ],
)
def test_an_item_is_short_over_any_run_of_months(found, months, lines):
    said = {("provider", "P1"): (lines * 2000, lines)} if lines else {}
    assert found(months_of(*months), CODE)[0] == said


@pytest.mark.parametrize(("sold_on", "said"), [("2026-02-27", {}), ("2026-03-01", {("provider", "P1"): (10000, 5)})])
def test_what_is_taken_back_of_another_months_sales_lay_on_the_shelf(found, sold_on, said):
    # Three left March's shelf by the books, eight were sold from it; five of an earlier sale were put back, or none.
    world = sales(8, 10)
    world.more["stock_movements"][0] |= {"closing_quantity": 7}
    world.bill("S99", encounter_type="pharmacy", lines=[(f"{sold_on} 10:00:00", "PILL", 5, 100)])
    back = {"original_settlement_id": "S99", "is_reversal": True, "encounter_type": "pharmacy"}
    world.bill("R99", lines=[("2026-03-01 12:00:00", "PILL", -5, -100, {"unit_price": 20})], **back)
    assert found(world, CODE)[0] == said
