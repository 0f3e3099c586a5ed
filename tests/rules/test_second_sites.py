"""Tests under the number of somebody who is at work elsewhere: which of two places, which clocks, on how many days."""

import pytest

from tests.rules.world import World

CODE = "practitioner_in_two_places"


def signed(*when, registered="HOME", kilometres=22):
    """Return tests of 50.00 at (place, day of March or date, time); 22 km take 38.6 minutes, ten of them on foot."""
    world = World()
    work = {"charge_category": "laboratory", "executor_id": "T1"}
    for each, (provider, day, time) in enumerate(when):
        date = day if isinstance(day, str) else f"2026-03-{day:02d}"
        lines = [(f"{date} {time}:30", "BLOOD", 1, 50, work)]
        world.bill(f"S{each}", provider_id=provider, person_id=f"N{each}", lines=lines)
    for provider, latitude in (("HOME", 30.0), ("SECOND", 30.0 + kilometres / 111.195)):
        place = {"latitude": latitude, "longitude": 112.0, "region_code": "111111"}
        world.add("providers", provider_id=provider, provider_type="hospital", **place)
    return world.add("practitioners", practitioner_id="T1", provider_id=registered)


def named(found, world, month="2026-03"):
    lines = found(world, CODE, month)[1].findings.lines
    return sorted(lines.loc[lines["role"] == "violating", "settlement_id"].unique())


@pytest.mark.parametrize(
    ("registered", "guilty"),
    [("HOME", "S0"), ("SECOND", "S1"), (None, "S0")],  # who is registered nowhere has more of HOME than of SECOND
)
def test_the_second_place_is_in_question_whichever_came_first(found, registered, guilty):
    world = signed(("SECOND", 5, "10:00"), ("HOME", 5, "10:05"), ("HOME", 5, "15:00"), registered=registered)
    assert named(found, world) == [guilty]


@pytest.mark.parametrize(
    ("times", "is_named"),
    [
        # Ten of 38.6 minutes are the clocks'.
        (("10:00", "10:28"), True),
        (("10:00", "10:29"), False),
        # Between two tests at home, which one clock wrote, nobody goes there and back: 77.2 minutes.
        (("10:00", "10:35", "11:17"), True),
        (("10:00", "10:35", "11:18"), False),
    ],
)
def test_clocks_explain_minutes_but_not_a_way_there_and_back(found, times, is_named):
    places = ("HOME", "SECOND", "HOME")
    world = signed(*((place, 5, time) for place, time in zip(places, times, strict=False)))
    assert named(found, world) == (["S1"] if is_named else [])


# Too close for the way though not for the clocks on the 3rd; sure on the 5th and, if at all, on the 9th.
SURE = (("HOME", 5, "10:00"), ("SECOND", 5, "10:05"))
AGAIN = (("HOME", 9, "10:00"), ("SECOND", 9, "10:05"))
CLOSE = (("HOME", 3, "10:00"), ("SECOND", 3, "10:35"))
TURN = (("HOME", 4, "10:00"), ("SECOND", 4, "10:40"))


@pytest.mark.parametrize(
    ("when", "guilty"), [((*SURE, *CLOSE, *TURN), ["S1"]), ((*SURE, *AGAIN, *CLOSE, *TURN), ["S1", "S3", "S5"])]
)
def test_from_the_second_day_on_the_clocks_are_no_explanation(found, when, guilty):
    assert named(found, signed(*when)) == guilty


def test_across_the_street_clocks_explain_everything(found):
    # 7.6 km are ridden in 9.9 minutes.
    assert named(found, signed(*SURE, *AGAIN, kilometres=7.6)) == []


def test_what_was_too_close_in_earlier_months_is_named_with_the_second_day(found):
    earlier = [(place, f"2026-{day}", time) for day in ("02-03", "02-05") for place, _, time in CLOSE]
    first = [(place, "2026-02-10", time) for place, _, time in SURE]
    later = [(place, "2026-04-10", time) for place, _, time in CLOSE]
    world = signed(*earlier, *first, *SURE, *later)
    assert named(found, world, "2026-02") == ["S5"]
    assert named(found, world) == ["S1", "S3", "S7"]
    assert named(found, world, "2026-04") == ["S9"]
