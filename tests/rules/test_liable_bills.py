"""What an employer or another driver answers for is no payment of the patient's."""

import pytest

from tests.rules.peers import bills

AT = "2026-03-05 10:00:00"


@pytest.mark.parametrize("liable", [False, True])
def test_bills_of_the_liable_raise_no_share(found, liable):
    def add(world, provider, settlement):
        own = provider == "P0" and not settlement.endswith("0")
        paid = 90 if own else 10
        columns = {"cash_paid_amount": paid, "is_third_party_injury": liable and own}
        world.bill(settlement, provider_id=provider, lines=[(AT, "CARE", 1, 100)], fund=100 - paid, **columns)

    assert bool(found(bills(add), "self_pay_share")[0]) != liable
