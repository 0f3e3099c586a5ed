"""Round payments from accounts: some among many bills are chance, and so are those that a promotion fails to scan."""

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


# Of 50 payments 9 are 18 percent, 10 are 20; peers have none, so all of their money stands beyond the fence.
@pytest.mark.parametrize(("bare", "said"), [(9, {}), (10, {("provider", "P0"): (50000, 10)})])
def test_scanned_packs_are_none_of_the_share(found, bare, said):
    world = among_peers("retail_pharmacy")
    own = {"encounter_type": "pharmacy", "credential_type": "e_credential", "fund": 0}
    bills = [("P0", 50)] * 50 + [(peer, 49) for peer in providers_but_the_first() for _ in range(50)]
    for number, (provider, amount) in enumerate(bills):
        lines = [(AT, "PILL", 1, amount)]
        world.bill(f"B{number}", provider_id=provider, lines=lines, account_paid_amount=amount, **own)
        if bare <= number < 50:
            pack = {"trace_code": f"8{number:019d}", "event_time": AT, "event_type": "sale", "item_code": "PILL"}
            world.add("trace_events", provider_id="P0", settlement_id=f"B{number}", **pack)
    assert found(world, "round_account_payments")[0] == said
