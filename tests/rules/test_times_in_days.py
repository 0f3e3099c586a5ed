"""Which of many days with a therapy are beyond the number of two weeks."""

import pytest

from tests.rules.world import World

MONDAYS, WEDNESDAYS, FRIDAYS = (2, 9, 16, 23), (4, 11, 18, 25), (6, 13, 20, 27)


@pytest.mark.parametrize(
    ("extra", "beyond"),
    [
        ((), set()),
        ((17,), {17}),
        ((17, 19, 24), {17, 19, 24}),
        ((5,), set()),
    ],
)
def test_a_session_beyond_the_week_makes_none_beyond_that_follow_it(found, extra, beyond):
    # Three days a week for four weeks, and further ones between: a first week may make up for one before.
    world = World().add("ref_items", item_code="HD", max_weekly_sessions=3)
    for day in sorted((*MONDAYS, *WEDNESDAYS, *FRIDAYS, *extra)):
        world.bill(f"S{day}", lines=[(f"2026-03-{day:02d} 07:00:00", "HD", 1, 400)])
    said, result = found(world, "therapy_too_often")
    lines = result.findings.lines
    assert {int(s[1:]) for s in lines.loc[lines["role"] == "violating", "settlement_id"]} == beyond
    assert said == ({("provider", "P1"): (40000 * len(beyond), len(beyond))} if beyond else {})


@pytest.mark.parametrize(("weekly", "lines"), [(None, 1), (3, 0)])
def test_therapy_with_a_number_for_the_week_is_asked_by_one_rule(found, weekly, lines):
    limits = {"frequency_max_count": 2, "frequency_window_days": 30, "max_weekly_sessions": weekly}
    world = World().add("ref_items", item_code="HD", **limits)
    for day in (2, 4, 9):
        world.bill(f"S{day}", lines=[(f"2026-03-{day:02d} 07:00:00", "HD", 1, 400)])
    assert sum(n for _, n in found(world, "too_often")[0].values()) == lines
