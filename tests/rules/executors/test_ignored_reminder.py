"""Which reminder speaks of which line, and what excuses it."""

import pytest

from features.engine import DuckDBEngine
from fraud.rules import find_rule, run_rules
from tests.rules.examples.ignored_reminder import reminded
from tests.rules.many import together
from tests.support.claims import make_store

FOUND = {("provider", "P1"): (8000, 1), ("practitioner", "D1"): (8000, 1)}
CASES = {
    "overridden without a reason": ({"feedback": "continued", "has_reason": False}, FOUND),
    "overridden, the reason refused": ({"feedback": "continued", "is_reason_accepted": False}, FOUND),
    "of the settlement": ({"encounter_id": None, "settlement_id": "S1"}, FOUND),
    "of the day": ({"encounter_id": None}, FOUND),
    "of another visit": ({"encounter_id": "V2"}, {}),
    "of another settlement": ({"settlement_id": "S2"}, {}),
    "of another item": ({"item_code": "I2"}, {}),
    "of another person": ({"person_id": "B"}, {}),
    "of the day before, without a visit": ({"encounter_id": None, "reminder_time": "2026-03-04 09:00:00"}, {}),
    "long before": ({"reminder_time": "2026-02-02 09:00:00"}, {}),
    "after the line's day": ({"reminder_time": "2026-03-06 09:00:00"}, {}),
    "changed": ({"feedback": "changed"}, {}),
    "only involved": ({"item_role": "involved"}, {}),
    "no answer asked for": ({"needs_feedback": False}, {}),
    "a reason not looked at": (
        {"feedback": "continued", "has_reason": True, "feedback_time": "2026-03-05 10:00:00"},
        {},
    ),
}


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What is said of each case, all in one store: case -> {(subject type, subject): (exposure, lines)}."""
    store = make_store(
        tmp_path_factory.mktemp("reminders"),
        together({case: reminded(**reminder).tables() for case, (reminder, _) in CASES.items()}),
    )
    with DuckDBEngine(threads=1) as engine:
        run = run_rules(store, engine, "2026-03", rules=(find_rule("ignored_reminder"),))
    by_case = {case: {} for case in CASES}
    for row in run.findings.findings.itertuples():
        case, _, subject = row.subject_id.rpartition("-")
        by_case[case][row.subject_type, subject] = (row.exposure_amount, row.n_lines)
    return by_case


@pytest.mark.parametrize("case", CASES)
def test_a_reminder_is_held_against_the_line_that_it_spoke_of(said, case):
    assert said[case] == CASES[case][1]


def test_two_reminders_of_a_line_are_one_finding_that_says_so(found):
    world = reminded()
    world.more["reminders"].append(world.more["reminders"][0] | {"reminder_id": "J2"})
    said, result = found(world, "ignored_reminder")
    assert said == FOUND
    assert result.unchecked_exemptions == ()
