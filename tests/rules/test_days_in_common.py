"""Which days of a stay that overlaps another are in common with it."""

import pytest

from tests.rules.world import World

CODE = "overlapping_stays"


def stays(first, second):
    # One line of 100.00 on each day from admission to discharge; the second is settled later.
    world = World()
    for number, (admitted, discharged) in enumerate((first, second), start=1):
        lines = [(f"2026-03-{day:02d}", "CARE", 1, 100) for day in range(admitted, discharged + 1)]
        days = (f"2026-03-{admitted:02d}", f"2026-03-{discharged:02d}")
        world.stay(f"S{number}", *days, lines=lines, provider_id=f"P{number}", settled=f"2026-03-25 1{number}:00:00")
    return world


@pytest.mark.parametrize(
    ("first", "second", "n_lines"),
    [
        ((1, 15), (5, 9), 5),  # the other stay goes on: its last day lies within too
        ((1, 9), (5, 12), 4),  # 5 to 8 March; on the 9th the patient may have come over
        ((5, 12), (1, 9), 4),  # 6 to 9 March; on the 5th the patient may have gone over
    ],
)
def test_the_day_on_which_the_patient_may_have_gone_over_is_not_in_common(found, first, second, n_lines):
    said, _ = found(stays(first, second), CODE)
    assert said["provider", "P2"] == (n_lines * 10_000, n_lines)
