"""A round of stays is named whole in the month that completes it, and then month by month."""

from datetime import date, timedelta

import pytest

from tests.rules.world import World

CODE = "rotating_stays"


def stays(number, *, hospitals=3, own=2):
    # Five nights and two days between them, from 3 January on; 100.00 each.
    world = World()
    for each in range(number):
        first = date(2026, 1, 3) + timedelta(days=7 * each)
        last = first + timedelta(days=5)
        lines = [(first.isoformat(), "DRUG", 1, 100)]
        place = f"P{each % hospitals}"
        world.stay(f"S{each:02d}", str(first), str(last), provider_id=place, lines=lines, fund=100 - own)
        world.add("diagnoses", settlement_id=f"S{each:02d}", sequence_number=1, diagnosis_code="J44.100")
    return world


# Discharges on 8, 15, 22, 29 January, 5, 12, 19, 26 February, 5 March and a week later each.
NAMED = {"2026-01": set(), "2026-02": set(range(8)), "2026-03": set(range(8, 12))}


@pytest.mark.parametrize("month", NAMED)
def test_each_stay_of_a_round_is_in_question_once(found, month):
    said, result = found(stays(12), CODE, month)
    n = len(NAMED[month])
    assert said.get(("patient", "A")) == ((10000 * n, n) if n else None)
    lines = result.findings.lines
    violating = set(lines.loc[lines["role"] == "violating", "settlement_id"])
    assert violating == {f"S{each:02d}" for each in NAMED[month]}
    assert set(lines["settlement_id"]) == {f"S{each:02d}" for each in range(max(NAMED[month], default=-1) + 1)}


@pytest.mark.parametrize(("month", "first"), [("2026-02", 0), ("2026-03", 8), ("2026-04", 12)])
def test_a_window_that_has_moved_on_does_not_name_a_stay_again(found, month, first):
    # Two months are a round of eight stays, one alone is none: in each month it looks as if it had become one only now.
    said, result = found(stays(16), CODE, month, window_months=2)
    last = {"2026-02": 8, "2026-03": 12, "2026-04": 16}[month]
    assert said["patient", "A"] == (10000 * (last - first), last - first)
    lines = result.findings.lines
    assert set(lines.loc[lines["role"] == "violating", "settlement_id"]) == {f"S{n:02d}" for n in range(first, last)}


@pytest.mark.parametrize(("number", "hospitals", "own"), [(5, 3, 2), (8, 2, 2), (8, 3, 5)])
def test_what_is_no_round_is_not_named_afterwards(found, number, hospitals, own):
    assert found(stays(number, hospitals=hospitals, own=own), CODE, "2026-02")[0] == {}
