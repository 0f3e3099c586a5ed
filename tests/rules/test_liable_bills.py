"""What an employer or another driver answers for is no payment of the patient's."""

import pytest

from tests.rules.examples.liable_injury_unmarked import injured
from tests.rules.peers import bills
from tests.rules.world import World

AT = "2026-03-05 10:00:00"


@pytest.mark.parametrize("liable", [False, True])
def test_bills_of_the_liable_raise_no_share(found, liable):
    def add(world, provider, settlement):
        own = provider == "P0" and not settlement.endswith("0")
        paid = 90 if own else 10
        columns = {"cash_paid_amount": paid, "is_third_party_injury": liable and own}
        world.bill(settlement, provider_id=provider, lines=[(AT, "CARE", 1, 100)], fund=100 - paid, **columns)

    assert bool(found(bills(add), "self_pay_share")[0]) != liable


@pytest.mark.parametrize(("settled", "is_found"), [("2026-03-20", True), ("2026-03-25", True), ("2026-03-26", False)])
def test_a_bill_settled_before_the_first_mark_is_not_named(found, settled, is_found):
    # First aid on the ninth is marked when it is settled; the stay until the twentieth is settled on the 25th at noon.
    world = injured()
    marked, unmarked = world.settlements
    marked["settle_time"], unmarked["settle_time"] = f"{settled} 12:00:00", "2026-03-25 12:00:00"
    assert bool(found(world, "liable_injury_unmarked")[0]) == is_found


@pytest.mark.parametrize(("unmarked", "marked", "is_found"), [("08", "15", False), ("15", "08", True)])
def test_of_one_day_the_hours_of_settling_tell_which_was_first(found, unmarked, marked, is_found):
    world = World()
    for bill, hour, is_marked in (("S1", marked, True), ("S2", unmarked, False)):
        at = f"2026-03-09 {hour}:00:00"
        world.bill(bill, lines=[(at, "XRAY", 1, 80)], settled=at, is_third_party_injury=is_marked)
        world.add("diagnoses", settlement_id=bill, sequence_number=1, diagnosis_code="S82.201")
    assert bool(found(world, "liable_injury_unmarked")[0]) == is_found
