"""What others do not scan either has no code; the reason names the fence."""

from tests.rules.scans import sell, shops

CODE = "drug_without_scan"


def test_what_others_do_not_scan_either_is_left_in_peace(found):
    world = shops(scanned=9, unscanned=11, item="AMPOULE")
    assert ("provider", "P0") in found(world, CODE)[0]
    for number in range(10):
        sell(world, "P1", "AMPOULE", 50 + number, is_scanned=False)
    assert found(world, CODE)[0] == {}


def test_the_reason_names_the_share_the_fence_and_the_peers(found):
    (reason,) = found(shops(scanned=20, unscanned=20), CODE)[1].findings.findings["reason_en"]
    assert "20 lines of 40 drug lines in the month, 50 percent; the fence of 21 peers is 10 percent" in reason
