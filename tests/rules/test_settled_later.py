"""Where two lines carry one time, the one that was settled later is the one too many, whatever its number."""

import pytest

from tests.rules.world import World

TIME = "2026-03-05 09:30:00"


@pytest.mark.parametrize(
    ("code", "limit", "columns"),
    [
        ("units_per_day", {"max_daily_quantity": 1}, {}),
        ("split_prescriptions", {"max_fill_quantity": 1}, {"item_type": "western_drug"}),
    ],
)
def test_the_line_settled_later_passes_the_limit(found, code, limit, columns):
    world = World().add("ref_items", item_code="I", **limit)
    for settlement, prescription, settled in (("S2", "R1", "10:00:00"), ("S1", "R2", "11:00:00")):
        own = {**columns, "prescription_id": prescription}
        world.bill(settlement, lines=[(TIME, "I", 1, 100, own)], settled=f"2026-03-05 {settled}")
    said, result = found(world, code)
    assert said == {("provider", "P1"): (10000, 1)}
    lines = result.findings.lines.set_index("settlement_id")
    assert lines["role"].to_dict() == {"S1": "violating", "S2": "involved"}
