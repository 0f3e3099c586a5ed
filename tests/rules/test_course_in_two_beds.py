"""Nobody is given a drug in two beds: on the days in common a course is that of one stay."""

import pytest

from tests.rules.world import World


def lying(own, other, *, from_day, to_day):
    """An injection on days of March in a stay of the 1st to the 20th, and on others in one at another provider."""
    world = World().add("ref_items", item_code="I", max_course_days=14)
    drug = {"item_type": "western_drug"}
    world.stay("TRUE", "2026-03-01", "2026-03-20", lines=[_given(day, drug) for day in own])
    lines = [_given(day, drug) for day in other]
    stay = (f"2026-03-{from_day:02d}", f"2026-03-{to_day:02d}")
    return world.stay("OTHER", *stay, lines=lines, provider_id="P2", settled="2026-03-30 09:00:00")


def _given(day, drug):
    return (f"2026-03-{day:02d} 10:00:00", "I", 1, 100, drug)


def test_days_of_a_second_bed_do_not_lengthen_the_course_of_the_first(found):
    fourteen = [day for day in range(2, 18) if day not in (3, 4)]
    assert found(lying(fourteen, [3, 4, 5, 6], from_day=2, to_day=7), "drug_course")[0] == {}


def test_the_stay_itself_may_be_too_long(found):
    world = lying(range(2, 17), [3, 4], from_day=2, to_day=7)
    assert found(world, "drug_course")[0] == {("provider", "P1"): (10000, 1)}


@pytest.mark.parametrize(("begins", "said"), [(17, {}), (20, {("provider", "P2"): (20000, 2)})])
def test_a_stay_after_the_other_goes_on_with_its_course(found, begins, said):
    world = lying(range(4, 18), [18, 19] if begins == 17 else [20, 21], from_day=begins, to_day=begins + 5)
    assert found(world, "drug_course")[0] == said
