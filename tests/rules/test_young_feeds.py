"""What a young feed lacks is told from what nobody issued; what was on its way is asked about a month later."""

import pytest

from tests.rules.prescribed import fill, new

CODE = "prescription_not_in_feed"


def young(*, own, own_unknown, others=20, others_unknown=0):
    """Fill prescriptions of a feed that begins in March: some at each of two shops, of which some are on no record."""
    world = new()
    for shop, n, unknown in (("P1", own, own_unknown), ("P2", others, others_unknown)):
        for number in range(n):
            day, written = f"2026-03-{number % 20 + 1:02d}", "never" if number < unknown else None
            fill(world, number, shop=shop, person=f"{shop}{number}", day=day, written=written)
    return world


@pytest.mark.parametrize(
    ("counts", "lines"),
    [
        pytest.param({"own": 10, "own_unknown": 6}, 6, id="others lack none"),
        pytest.param({"own": 10, "own_unknown": 6, "others_unknown": 1}, 6, id="a twentieth explains half a one"),
        pytest.param({"own": 10, "own_unknown": 4, "others_unknown": 1}, 0, id="half a one of four is too much"),
        pytest.param({"own": 10, "own_unknown": 6, "others": 19}, 0, id="nineteen others say too little"),
    ],
)
def test_in_the_first_weeks_others_tell_how_much_is_older_than_the_feed(found, counts, lines):
    said = {("provider", "P1"): (lines * 10000, lines)} if lines else {}
    assert found(young(**counts), CODE)[0] == said


@pytest.mark.parametrize(
    ("day", "later", "february", "march"),
    [
        pytest.param("2026-02-20", True, 1, 0, id="named in its month"),
        pytest.param("2026-02-28", True, 0, 1, id="on its way, and never came"),
        pytest.param("2026-02-28", False, 0, 0, id="nothing has come since"),
    ],
)
def test_what_was_on_its_way_is_named_when_others_came_and_it_did_not(found, day, later, february, march):
    world = fill(new(), "old", shop="P2", day="2025-11-20")
    for month in ("2026-02", "2026-03"):
        for number in range(5):
            fill(world, f"{month}-{number}", shop="P2", person=f"B{number}", day=f"{month}-10")
    fill(world, "x", day=day, written="never")
    if later:
        fill(world, "y", day="2026-03-02")
    fill(world, "z", day="2026-02-01")
    said = [found(world, CODE, month)[0] for month in ("2026-02", "2026-03")]
    assert said == [{("provider", "P1"): (10000, 1)} if n else {} for n in (february, march)]
