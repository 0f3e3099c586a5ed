"""What others do not scan either has no code; the reason names what is explained."""

import pytest

from tests.rules.scans import AT, BOX, scan, sell, shops

CODE = "drug_without_scan"


def test_what_others_do_not_scan_either_is_left_in_peace(found):
    world = shops(scanned=9, unscanned=11, item="AMPOULE")
    assert ("provider", "P0") in found(world, CODE)[0]
    for number in range(10):
        sell(world, "P1", "AMPOULE", 50 + number, is_scanned=False)
    assert found(world, CODE)[0] == {}


def test_the_reason_names_the_share_the_peers_and_what_they_explain(found):
    (reason,) = found(shops(scanned=20, unscanned=20), CODE)[1].findings.findings["reason_en"]
    assert "20 lines of 40 drug lines in the month, 50 percent; 21 peers and chance explain 27 percent" in reason


# The angle of 10 % is .3217. The limit for 21 lies sqrt(2 ln 63) = 2.88 standard deviations off, which are
# 2.88 / (2 x sqrt(24)) = .294 with 24 lines: a share of 33.34 %, or 8.002 lines.
@pytest.mark.parametrize(("unscanned", "said"), [(8, {}), (9, {("provider", "P0"): (9000, 9)})])
def test_few_lines_pass_only_where_the_share_is_far_above_peers(found, unscanned, said):
    assert found(shops(scanned=24 - unscanned, unscanned=unscanned), CODE)[0] == said


# 11 of 40 lines are 27.50 %, of which peers and chance explain 27.26 %: one percent as said, were both cut off.
def test_a_share_a_little_above_what_is_explained_reads_so(found):
    (reason,) = found(shops(scanned=29, unscanned=11), CODE)[1].findings.findings["reason_en"]
    assert "11 lines of 40 drug lines in the month, 28 percent; 21 peers and chance explain 27 percent" in reason


def test_scans_of_other_codes_stand_for_lines_without_but_scans_of_other_lines_do_not(found):
    world = shops(scanned=20, unscanned=20)
    for number in range(20, 40):
        bill = f"P0-{number:02d}"
        # A second line, outside of the insurance, which is scanned.
        own = {"settlement_id": bill, "line_number": 2, "item_code": "OWN", "in_scope_amount": 0}
        world.lines.append(BOX | own | {"fee_time": AT, "quantity": 1, "unit_price": 5, "amount": 5})
        scan(world, bill, "OWN", number)
    assert found(world, CODE)[0] == {("provider", "P0"): (20000, 20)}
    for number in range(20, 40):
        scan(world, f"P0-{number:02d}", "NAMED-OTHERWISE", 100 + number)
    assert found(world, CODE)[0] == {}
