"""Which equal lines repeat, which do not, and what the later ones are worth."""

import pytest

from tests.rules.examples.duplicate_line import duplicate
from tests.rules.world import World

TIME = "2026-03-05 09:30:00"


def test_the_later_settlement_of_one_provider_repeats_the_earlier(found):
    world = World().bill("S2", lines=[(TIME, "I1", 1, 100)], settled="2026-03-05 10:00:00")
    world.bill("S1", lines=[(TIME, "I1", 1, 100)], settled="2026-03-06 10:00:00")
    said, result = found(world, "duplicate_line")
    assert said == {("provider", "P1"): (10000, 1)}
    lines = result.findings.lines.set_index("settlement_id")
    assert lines["role"].to_dict() == {"S1": "violating", "S2": "involved"}


def test_a_repeat_settled_next_month_belongs_to_next_month_only(found):
    world = World().bill("S1", lines=[(TIME, "I1", 1, 100)], settled="2026-03-31 10:00:00")
    world.bill("S2", lines=[(TIME, "I1", 1, 100)], settled="2026-04-01 10:00:00")
    assert found(world, "duplicate_line", "2026-04")[0] == {("provider", "P1"): (10000, 1)}


def test_the_month_before_sees_no_repeat(found):
    world = World().bill("S1", lines=[(TIME, "I1", 1, 100)], settled="2026-03-31 10:00:00")
    world.bill("S2", lines=[(TIME, "I1", 1, 100)], settled="2026-04-01 10:00:00")
    assert found(world, "duplicate_line", "2026-03")[0] == {}


@pytest.mark.parametrize(
    "other",
    [
        {"person_id": "B"},
        {"provider_id": "P2"},
        {"lines": [(TIME, "I2", 1, 100)]},
        {"lines": [(TIME, "I1", 2, 100)]},
        {"lines": [(TIME, "I1", 1, 90)]},
        {"lines": [("2026-03-06 09:30:00", "I1", 1, 100)]},
    ],
)
def test_one_difference_is_enough(found, other):
    world = World().bill("S1", lines=[(TIME, "I1", 1, 100)])
    world.bill("S2", **({"lines": [(TIME, "I1", 1, 100)]} | other))
    assert found(world, "duplicate_line")[0] == {}


def test_a_partial_refund_lessens_the_exposure_and_a_whole_one_ends_it(found):
    # three equal lines of 80.00 in scope: the second gets 30.00 back (50.00 remain), the third is refunded whole
    world = duplicate()
    world.lines.append(world.lines[1] | {"line_number": 3})
    back = {"quantity": -0.5, "amount": -37.5, "in_scope_amount": -30, "original_line_number": 2}
    world.lines.append(world.lines[1] | {"line_number": 4} | back)
    whole = {"quantity": -2, "amount": -100, "in_scope_amount": -80, "original_line_number": 3}
    world.lines.append(world.lines[1] | {"line_number": 5} | whole)
    said, _ = found(world, "duplicate_line")
    assert said == {("provider", "P1"): (5000, 1)}


def three_a_day(limit):
    # three equal lines of one unit, only the day is recorded
    world = World().bill("S1", lines=[("2026-03-05", "DOSE", 1, 20)] * 3)
    return world.add("ref_items", item_code="DOSE", max_daily_quantity=limit)


def test_where_only_the_day_is_known_the_daily_maximum_decides(found):
    assert found(three_a_day(3), "duplicate_line")[0] == {}


def test_beyond_the_daily_maximum_the_later_lines_violate(found):
    # the first stands, two lines of 20.00 repeat it
    assert found(three_a_day(2), "duplicate_line")[0] == {("provider", "P1"): (4000, 2)}


def test_the_daily_maximum_does_not_excuse_the_same_second(found):
    world = duplicate().add("ref_items", item_code="I1", max_daily_quantity=100)
    assert found(world, "duplicate_line")[0] == {("provider", "P1"): (8000, 1)}


def test_what_lies_outside_the_benefit_policy_has_no_exposure(found):
    world = World().bill("S1", lines=[(TIME, "I1", 1, 100, {"in_scope_amount": 0})] * 2, fund=0)
    assert found(world, "duplicate_line")[0] == {}


def test_the_fund_share_is_rounded_down_and_never_more_than_the_exposure(found):
    # 10.00 of 30.00 in scope, of which the fund paid 10.00: 1000 x 1000 // 3000 = 333 minor units
    world = World().bill("S1", lines=[(TIME, "I1", 1, 10)] * 2 + [(TIME, "I2", 1, 10)], fund=10)
    result = found(world, "duplicate_line")[1]
    assert result.findings.findings["fund_exposure_amount"].tolist() == [333]
    assert "In scope 10.00; the fund paid 3.33 of it." in result.findings.findings["reason_en"].iloc[0]
    assert "涉及符合政策范围金额10.00，其中基金支付3.33。" in result.findings.findings["reason_zh"].iloc[0]
