"""A share of charges that some dear lines make up is no habit."""

import pytest

from tests.rules.peers import BILL, among_peers, providers_but_the_first

AT = "2026-03-05 10:00:00"


@pytest.mark.parametrize(("scans", "said"), [(9, {}), (10, {("provider", "P0"): (90000, 10)})])
def test_an_excess_of_fewer_than_ten_lines_is_not_said(found, scans, said):
    # Plain care of 210.00, scans of 900.00 in all; peers have none, so that all of it is beyond.
    world = among_peers().add("ref_items", item_code="SCAN", imaging_kind="ct")
    lines = [(AT, "PLAIN", 1, 1, BILL)] * 210
    world.bill("S0", provider_id="P0", lines=[*lines, *([(AT, "SCAN", 1, 900 / scans, BILL)] * scans)])
    for provider in providers_but_the_first():
        world.bill(f"S-{provider}", provider_id=provider, lines=[(AT, "PLAIN", 1, 9, BILL)])
    assert found(world, "ct_share")[0] == said
