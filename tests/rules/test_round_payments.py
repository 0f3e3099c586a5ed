"""Round payments from accounts: some among many bills are chance."""

import pytest

from tests.rules.peers import among_peers, providers_but_the_first

AT = "2026-03-05 10:00:00"


@pytest.mark.parametrize(("rounds", "said"), [(4, {}), (5, {("provider", "P0"): (25000, 5)})])
def test_fewer_than_five_round_sums_are_not_said(found, rounds, said):
    # Fifty bills that the fund pays, and round sums from accounts alone; peers have none.
    world = among_peers("retail_pharmacy")
    own = {"encounter_type": "pharmacy", "credential_type": "e_credential"}
    bills = [("P0", 40, 40)] * 50 + [("P0", 50, 0)] * rounds
    for number, (provider, amount, fund) in enumerate([*bills, *((peer, 40, 0) for peer in providers_but_the_first())]):
        lines = [(AT, "PILL", 1, amount)]
        world.bill(f"B{number}", provider_id=provider, lines=lines, fund=fund, account_paid_amount=amount - fund, **own)
    assert found(world, "round_account_payments")[0] == said
