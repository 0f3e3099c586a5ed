"""Whom a provider knows from full machine days only, and what of their bills is named."""

import pytest

from tests.rules.examples.full_machine_only import crowd

CODE = "full_machine_only"
SESSION = {"device_id": "M1"}


def test_all_of_a_strangers_bill_is_named_and_a_second_full_day_is_no_other_kind_of_day(found):
    world = crowd(strangers=3, patients=4)
    # what comes with the session, billed by the same till
    for number in range(3):
        lines = [
            (f"2026-03-24 {number:02d}:00:00", "HD", 1, 400, SESSION),
            (f"2026-03-24 {number:02d}:10:00", "DIALYSER", 1, 100),
        ]
        world.bill(f"V{number}", person_id=f"N{number:02d}", lines=lines)
    for number in range(3, 7):
        line = (f"2026-03-24 {number:02d}:00:00", "HD", 1, 400, SESSION)
        world.bill(f"V{number}", person_id=f"N{number:02d}", lines=[line])
    # two further days like any other, so that the machine is not full on half of its days
    for day in (25, 26):
        world.bill(f"W{day}", person_id="N06", lines=[(f"2026-03-{day} 08:00:00", "HD", 1, 400, SESSION)])
    assert found(world, CODE)[0] == {("provider", "P1"): (270000, 9)}


@pytest.mark.parametrize("device", ["M2", None])
def test_one_session_on_a_day_like_any_other_makes_a_patient(found, device):
    world = crowd(strangers=3, patients=4)
    more = {"device_id": device} if device else {}
    world.bill("X", person_id="N00", lines=[("2026-03-19 08:00:00", "HD", 1, 400, more)])
    assert found(world, CODE)[0] == {}


def test_acute_treatment_in_hospital_is_no_course(found):
    world = crowd(strangers=3, patients=4)
    for row in world.settlements:
        if row["person_id"] == "N00":
            row["encounter_type"] = "emergency"
    assert found(world, CODE)[0] == {}


def test_what_is_not_given_by_schedule_has_no_strangers(found):
    world = crowd(strangers=3, patients=4)
    world.more["ref_items"] = [
        {"item_code": "HD", "device_minutes": 240},
        {"item_code": "CT", "max_weekly_sessions": 3},
    ]
    assert found(world, CODE)[0] == {}


def full_again(world, *days):
    """Fill machine M1 on further days with the same seven people."""
    for day in days:
        for number in range(7):
            line = (f"2026-03-{day} {number:02d}:00:00", "HD", 1, 400, SESSION)
            world.bill(f"F{day}-{number}", person_id=f"N{number:02d}", lines=[line])
    return world


# 10 to 12 March lie in one week: three sessions of three. Two in a week are a course when three weeks have them.
@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((11, 12), {}),
        ((11, 16, 19), {("provider", "P1"): (480000, 12)}),
        ((11, 16, 19, 23, 24), {}),
    ],
)
def test_who_has_weeks_of_the_therapy_is_a_patient_whatever_the_number(found, days, said):
    world = full_again(crowd(strangers=3, patients=4), *days)
    for day in range(25, 32):
        world.bill(f"O{day}", person_id="N06", lines=[(f"2026-03-{day} 08:00:00", "HD", 1, 400, SESSION)])
    assert found(world, CODE)[0] == said


def test_an_item_whose_machines_are_mostly_full_has_numbers_for_several(found):
    world = crowd(strangers=3, patients=4)
    # the four other machines, full on both of their days
    for day in (12, 14):
        for machine in range(3, 7):
            for number in range(7):
                line = (f"2026-03-{day} {number:02d}:30:00", "HD", 1, 400, {"device_id": f"M{machine}"})
                world.bill(f"G{day}-{machine}-{number}", person_id=f"Q{machine}{number}", lines=[line])
    assert found(world, CODE)[0] == {}
