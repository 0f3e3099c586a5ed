"""Drips that are given in outpatient rooms too: handed out without a drip, they belong to the stay nearby."""

import pytest

from tests.rules.examples.shifted_lines import infusion

CODE = "shifted_lines"
DRUG = {"item_type": "western_drug"}
DRIP = ("2026-02-10 11:00:00", "DRIP", 1, 10, {"charge_category": "treatment"})
SHIFTED = {("provider", "P1"): (5000, 1), ("patient", "A"): (5000, 1)}


def drips_elsewhere(*, dripped):
    # Beside twenty in stays, ten infusions of others outside: a third, with a drip on the bill or without.
    world = infusion("2026-03-08")
    for number in range(10):
        lines = [("2026-02-10 10:00:00", "INFUSION", 1, 50, DRUG), *([DRIP] if dripped else [])]
        world.bill(f"D{number}", lines=lines, person_id=f"M{number}", provider_id="P2")
    return world


@pytest.mark.parametrize(("dripped", "said"), [(True, SHIFTED), (False, {})])
def test_infusions_given_outside_with_a_drip_are_not_what_is_taken_away(found, dripped, said):
    assert found(drips_elsewhere(dripped=dripped), CODE)[0] == said


def test_a_drip_given_outside_is_not_named_and_makes_no_refill(found):
    world = drips_elsewhere(dripped=True)
    world.bill("OWN", lines=[("2026-02-20 10:00:00", "INFUSION", 1, 50, DRUG), DRIP], provider_id="P2")
    assert found(world, CODE)[0] == SHIFTED
    world.lines.append(world.lines[-1] | {"settlement_id": "X0", "line_number": 2, "fee_time": "2026-03-08 11:00:00"})
    assert found(world, CODE)[0] == {}


@pytest.mark.parametrize(("month", "said"), [("2026-03", SHIFTED), ("2026-04", {})])
def test_a_line_between_two_stays_is_found_with_the_first(found, month, said):
    world = infusion("2026-03-18")
    world.stay("T", "2026-03-24", "2026-04-02", lines=[("2026-03-24", "BED", 1, 100)], payment_method="drg")
    world.add("drg_assignments", settlement_id="T", system="drg", group_code="FR25")
    assert found(world, CODE, month)[0] == said


@pytest.mark.parametrize(("before", "said"), [([], SHIFTED), (["OWN"], {})])
def test_a_drip_saves_nothing_that_is_hardly_given_outside_unless_it_goes_on(found, before, said):
    world = infusion("2026-03-08")
    world.lines.append(world.lines[-1] | {"item_code": "DRIP", "line_number": 2, "item_type": "service"} | DRIP[4])
    for bill in before:
        world.bill(bill, lines=[("2026-02-10 10:00:00", "INFUSION", 1, 50, DRUG), DRIP], provider_id="P2")
    assert found(world, CODE)[0] == said


@pytest.mark.parametrize(
    ("paid", "month", "said"),
    [
        ("fee_for_service", "2026-03", {}),
        ("fee_for_service", "2026-04", {("provider", "P9"): (5000, 1), ("patient", "A"): (5000, 1)}),
        ("drg", "2026-04", {}),
    ],
)
def test_a_stay_that_is_not_paid_by_group_leaves_the_line_to_the_next(found, paid, month, said):
    world = infusion("2026-03-18")
    next(row for row in world.settlements if row["settlement_id"] == "S")["payment_method"] = paid
    bed = [("2026-03-24", "BED", 1, 100)]
    world.stay("T", "2026-03-24", "2026-04-02", lines=bed, provider_id="P9", payment_method="drg")
    world.add("drg_assignments", settlement_id="T", system="drg", group_code="FR25")
    assert found(world, CODE, month)[0] == said


@pytest.mark.parametrize(("before", "said"), [(None, SHIFTED), ([], {}), ([DRIP], {})])
def test_a_test_had_outside_before_is_a_course_whatever_else_was_on_its_bill(found, before, said):
    # The infusion as a test; a drug that is given in stays too stands beside it, with a drip or without.
    world = infusion("2026-03-08")
    for line in world.lines:
        if line["item_code"] == "INFUSION":
            line |= {"item_type": "service", "charge_category": "laboratory"}
    drug = ("2026-02-01 10:00:00", "DRUG", 1, 5, DRUG)
    world.bill("NEAR", lines=[("2026-03-08 10:00:00", *drug[1:])], provider_id="P2")
    if before is not None:
        test = ("2026-02-01 10:00:00", "INFUSION", 1, 50, {"charge_category": "laboratory"})
        world.bill("OWN", lines=[test, drug, *before], provider_id="P2")
    assert found(world, CODE)[0] == said
