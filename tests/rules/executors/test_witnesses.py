"""Witnesses of innocence: a code that stands for something else, a register that is wrong, a number that many use."""

import pytest

from tests.rules.one_line import DRUG, named_otherwise, one_line
from tests.rules.world import World


def injury_drug():
    return one_line(line=DRUG, item={"insurance_types": "work_injury"})


def elsewhere(world, name):
    """Bill the item at two other providers, under a name."""
    for number in (2, 3):
        lines = [("2026-03-07 10:00:00", "I1", 1, 100, DRUG | {"item_name": name})]
        world.bill(f"S{number}", provider_id=f"P{number}", person_id="B", insurance_type="work_injury", lines=lines)
    return world


@pytest.mark.parametrize(
    ("world", "is_found"),
    [
        (injury_drug(), True),
        # written with the pack, or shortly: the same drug
        (named_otherwise(injury_drug(), "甲 注射液"), True),
        (named_otherwise(injury_drug()), False),
        # all providers call it otherwise: the catalogue's name is another, not the code
        (elsewhere(named_otherwise(injury_drug()), "乙"), True),
        (elsewhere(named_otherwise(injury_drug()), "甲"), False),
    ],
)
def test_a_code_that_stands_for_another_item_at_one_provider(found, world, is_found):
    assert (("provider", "P1") in found(world, "work_injury_drug")[0]) is is_found


def womens_items(*providers, own=0):
    """Bill a man a woman's item at each of some providers, and a man's item so many times."""
    world = World().add("persons", person_id="A", gender="male", birth_date="1980-01-01")
    for code, sex in (("W", "female"), ("M", "male")):
        world.add("ref_items", item_code=code, gender_limit=sex)
    for number, provider in enumerate(providers):
        world.bill(f"W{number}", provider_id=provider, lines=[(f"2026-03-0{number + 1}", "W", 1, 100)])
    for number in range(own):
        world.bill(f"M{number}", lines=[(f"2026-03-{number + 10}", "M", 1, 10)])
    return world


@pytest.mark.parametrize(
    ("world", "is_found"),
    [
        (womens_items("P1"), True),
        # a wrong register shows everywhere, a lent card at one provider
        (womens_items("P1", "P1"), True),
        (womens_items("P1", "P2"), False),
        (womens_items("P1", "P2", own=1), True),
    ],
)
def test_a_register_that_all_else_contradicts_is_wrong(found, world, is_found):
    assert (("patient", "A") in found(world, "service_for_other_sex")[0]) is is_found


@pytest.mark.parametrize(("n_men", "diagnosis", "is_found"), [(9, "N20", True), (10, "N20", False), (10, "Z34", True)])
def test_most_lines_of_an_item_that_look_so_are_a_fault_of_the_code_map(found, n_men, diagnosis, is_found):
    # but for those whose bill says itself that a pregnancy was seen to
    world = World().add("ref_items", item_code="W", gender_limit="female")
    for number in range(n_men):
        world.add("persons", person_id=f"A{number}", gender="male", birth_date="1980-01-01")
        world.bill(f"S{number}", person_id=f"A{number}", lines=[("2026-03-05", "W", 1, 100)])
        world.add("diagnoses", settlement_id=f"S{number}", sequence_number=1, diagnosis_code=diagnosis)
    assert (("provider", "P1") in found(world, "service_for_other_sex")[0]) is is_found


@pytest.mark.parametrize(("n_departments", "is_found"), [(4, True), (5, False)])
def test_an_identifier_that_stands_for_many_is_nobodys(found, n_departments, is_found):
    # The 25 others have one line each: the number has more than twenty times the mean, 225 / 26.
    world = World().add("practitioners", practitioner_id="D0", licence_end_date="2020-12-31")
    for number in range(26):
        work = {"executor_id": f"D{number}"}
        lines = [("2026-03-05", "I1", 1, 100, work)]
        if number == 0:
            lines = [(*lines[0][:4], work | {"department_code": f"K{n % n_departments}"}) for n in range(200)]
        world.bill(f"S{number}", person_id=f"A{number}", lines=lines)
    assert (("practitioner", "D0") in found(world, "licence_out_of_date")[0]) is is_found
