"""What is named once more of it comes: first early refills, fills elsewhere, a code twice on its first bill."""

import pytest

from tests.rules.ledger.stories import tell
from tests.rules.world import World


def fills(*days):
    # Two packs at 30.00, for thirty days.
    world = World().add("ref_items", item_code="DRUG", generic_code="G")
    for day in days:
        lines = [(f"2026-{day} 10:00:00", "DRUG", 2, 60, {"item_type": "western_drug", "days_supply": 30})]
        world.bill(f"S{day}", lines=lines)
    return world


# Early on 8 January, 8 February, and 8 and 20 March.
MONTHS = {"2026-02": {}, "2026-03": {("provider", "P1"): (24000, 4), ("patient", "A"): (24000, 4)}, "2026-04": {}}


@pytest.mark.parametrize("month", MONTHS)
def test_early_refills_are_named_once_in_the_month_of_the_third(found, month):
    world = fills("01-01", "01-08", "02-04", "02-08", "03-01", "03-08", "03-20", "04-25")
    assert found(world, "early_refills", month)[0] == MONTHS[month]


def test_early_refills_further_apart_than_the_span_do_not_add_up(found):
    assert found(fills("01-01", "01-08", "02-04", "02-08", "08-01", "08-08"), "early_refills", "2026-08")[0] == {}


def test_a_line_dated_years_ahead_by_a_slip_hides_nobodys_fills(found):
    world = fills("01-01", "01-08", "02-04", "02-08", "03-01", "03-08", "03-20")
    world.bill("SLIP", person_id="B", lines=[("2029-03-10", "CARE", 1, 10)], settled="2026-03-10 18:00:00")
    assert found(world, "early_refills", "2026-03")[0] == MONTHS["2026-03"]


# The fill of 8 January is settled in April, that of 8 March a second time on its day in April.
LATE = {"2026-03": {}, "2026-04": {("provider", "P1"): (18000, 3), ("patient", "A"): (18000, 3)}}


@pytest.mark.parametrize("month", LATE)
def test_an_early_refill_settled_late_is_named_with_those_that_it_makes_enough(found, month):
    world = fills("01-01", "01-08", "02-04", "02-08", "03-01", "03-08")
    for row in world.settlements:
        if row["settlement_id"] == "S01-08":
            row["settle_time"] = "2026-04-02 10:00:00"
    assert found(world, "early_refills", month)[0] == LATE[month]


# Thirty days at four providers within a week; 60.00 each from the second on.
SOURCES = {
    "2026-02": {},
    "2026-03": {
        ("provider", "P2"): (6000, 1),
        ("provider", "P3"): (6000, 1),
        ("provider", "P4"): (6000, 1),
        ("patient", "A"): (18000, 3),
    },
}


@pytest.mark.parametrize("month", SOURCES)
def test_fills_from_many_sources_are_named_in_the_month_of_the_third_change(found, month):
    world = fills("02-24", "02-26", "02-28", "03-02")
    for number, row in enumerate(world.settlements, start=1):
        row["provider_id"] = f"P{number}"
    assert found(world, "same_drug_many_sources", month)[0] == SOURCES[month]


@pytest.mark.parametrize(("month", "expected"), [("2026-03", {}), ("2026-04", SOURCES["2026-03"])])
def test_a_fill_elsewhere_settled_late_is_named_with_those_that_it_makes_enough(found, month, expected):
    world = fills("02-24", "02-26", "02-28", "03-02")
    for number, row in enumerate(world.settlements, start=1):
        row["provider_id"] = f"P{number}"
    world.settlements[1]["settle_time"] = "2026-04-02 10:00:00"
    assert found(world, "same_drug_many_sources", month)[0] == expected


# The first bill is of 100.00 for two boxes, and holds one code twice.
TWICE = ["2 10:00 sale P1 A bill=first", "2 10:01 sale P1 A bill=first"]


@pytest.mark.parametrize(
    ("boxes", "later", "expected"),
    [
        (2, ["70 10:00 sale P1 B"], {("provider", "P1"): (15000, 2)}),  # half of the first bill, all of the second
        (1, ["70 10:00 sale P1 B"], {("provider", "P1"): (10000, 1)}),
        (2, [], {}),
    ],
)
def test_a_code_twice_on_its_first_bill_counts_once_it_is_sold_again(found, boxes, later, expected):
    world = tell({"box": [*TWICE, *later], "other": ["71 10:00 sale P1 C"]})
    (first,) = [line for line in world.lines if line["settlement_id"] == "first"]
    first["quantity"] = boxes
    assert found(world, "code_settled_again")[0] == expected


@pytest.mark.parametrize(("encounter", "expected"), [("E1", {}), ("E2", {("provider", "P1"): (10000, 1)})])
def test_a_bill_sent_twice_is_a_repeated_bill_and_no_second_sale_of_its_boxes(found, encounter, expected):
    world = tell({"box": ["70 10:00 sale P1 A bill=one", "70 10:05 sale P1 A bill=two"]})
    for row in world.settlements:
        row["encounter_id"] = {"one": "E1", "two": encounter}.get(row["settlement_id"])
    assert found(world, "code_settled_again")[0] == expected


@pytest.mark.parametrize(
    ("terminal", "expected"),
    [("T1", {}), (None, {("provider", "P1"): (10000, 1), ("patient", "A"): (10000, 1)})],
)
def test_a_bill_that_one_till_sent_twice_was_not_handed_in_again(found, terminal, expected):
    world = World()
    same = {"invoice_number": "I1", "encounter_id": "E1"}
    for name, till in (("S1", "T1"), ("S2", terminal)):
        world.bill(name, lines=[("2026-03-10 10:00:00", "X", 1, 100)], terminal_id=till, **same)
    assert found(world, "invoice_paid_twice")[0] == expected
