"""A month of dear stays, with no more bills than before, is no push of volume."""

import pytest

from tests.rules.peers import among_peers, providers_but_the_first

MONTHS = ("2025-12", "2026-01", "2026-02", "2026-03")


@pytest.mark.parametrize(("bills_before", "said"), [(60, {}), (10, {("provider", "P0"): (0, 60)})])
def test_a_push_has_more_bills_too(found, bills_before, said):
    world = among_peers()
    for month in MONTHS:
        own, amount = (60, 1_000) if month == MONTHS[-1] else (bills_before, 10)
        for provider, n, each in (("P0", own, amount), *((peer, 1, 10) for peer in providers_but_the_first())):
            for number in range(n):
                lines = [(f"{month}-05 10:00:00", "CARE", 1, each)]
                world.bill(f"{month}-{provider}-{number}", provider_id=provider, lines=lines)
    assert found(world, "volume_push")[0] == said
