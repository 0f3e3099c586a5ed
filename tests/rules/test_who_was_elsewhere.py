"""Of two settlements too close in time, the one at which the person is known to have been is not in question."""

import pytest

from tests.rules.examples.person_in_two_places import settlements

CODE = "person_in_two_places"


@pytest.mark.parametrize(
    ("attended", "named"),
    [((), "P2"), (("S0",), "P2"), (("S1",), "P1"), (("S0", "S1"), "P2")],
)
def test_where_something_was_done_to_the_body_the_person_was(found, attended, named):
    world = settlements(50)
    for line in world.lines:
        if line["settlement_id"] in attended:
            line["charge_category"] = "laboratory"
    said, result = found(world, CODE)
    assert said == {("patient", "A"): (5000, 1), ("provider", named): (5000, 1)}
    lines = result.findings.lines
    assert set(lines.loc[lines["role"] == "violating", "settlement_id"]) == {"S0" if named == "P1" else "S1"}


def test_a_test_that_the_patient_paid_alone_tells_it_too(found):
    world = settlements(50)
    test = {"line_number": 2, "charge_category": "laboratory", "item_type": "service", "in_scope_amount": 0}
    world.lines.append(world.lines[-1] | test)
    world.settlements[-1] |= {"total_amount": 100, "in_scope_amount": 50}
    assert found(world, CODE)[0] == {("patient", "A"): (5000, 1), ("provider", "P1"): (5000, 1)}
