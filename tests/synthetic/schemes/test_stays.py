"""Stays that schemes invent: empty days, copied orders, and persons to whom nothing else happens."""

from dataclasses import replace

import numpy as np
import pytest

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.care.book import Book
from experiments.synthetic.care.care import Care
from experiments.synthetic.schemes.parts.care_plan import CarePlan
from experiments.synthetic.schemes.parts.stays import Admissions, Course, free_between, free_persons, plant_stays
from experiments.synthetic.schemes.scheme import Stage
from experiments.synthetic.truth import Truth
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.limits import strictest_limits
from experiments.synthetic.world.world import make_world


@pytest.fixture(scope="module")
def stage(tmp_path_factory):
    world = make_world(600, 30, 2, "2026-01", 5)
    care = Care(world)
    book = Book(tmp_path_factory.mktemp("book"))
    for ledger in care.months():
        book.shelve(ledger)
    return Stage(world, care.presence, care.absent, book, Truth(), world.people.household.copy())


def _plant(stage, *, dx1=2, **course):
    """Six stays of eight nights that are not added; their lines with the day of the stay."""
    rng, bills = np.random.default_rng(3), Bills()
    hospital = int(stage.world.places.of_kind("secondary")[0])
    plant_stays(
        stage,
        bills,
        rng,
        "test",
        Admissions(
            person=np.arange(6),
            provider=hospital,
            start=np.full(6, 20 * DAY + 10 * HOUR),
            nights=np.full(6, 8),
            dx1=dx1,
            doctor=stage.world.places.staff("doctor", np.full(6, hospital), np.arange(6)),
        ),
        course=Course(**course),
    )
    ledger = bills.ledger()
    lines = ledger.lines.assign(day=ledger.lines["time"] // DAY - 20)
    bed = stage.world.catalogue.item("普通床位费")
    return ledger.visits, lines, lines[lines["item"] == bed], lines[lines["item"] != bed]


def test_the_bed_is_charged_every_night_and_the_rest_on_days_that_are_not_thin(stage):
    visits, lines, beds, others = _plant(stage, thin=0.5)
    assert beds.groupby("draft")["day"].nunique().tolist() == [8] * 6
    assert others.groupby("draft")["day"].nunique().tolist() == [4] * 6
    assert (others.groupby("draft")["day"].min() == 0).all()
    start, end = visits["start"].iloc[0], visits["end"].min()
    assert lines["time"].between(start + 600, end - 600).all()
    assert (visits["settle"] > visits["end"]).all()


def test_empty_days_can_be_named(stage):
    empty = np.zeros((6, 8), bool)
    empty[:, [2, 5]] = True
    *_, others = _plant(stage, empty=empty)
    assert set(others["day"]) == {0, 1, 3, 4, 6, 7}


def test_copied_orders_are_the_same_for_all_and_own_orders_are_not(stage):
    plan = CarePlan.draw(stage.world.catalogue, np.random.default_rng(1), 1)
    drugs = stage.world.catalogue.group("inpatient")
    regimens = []
    for template in (plan, None):
        *_, others = _plant(stage, template=template)
        given = others[others["item"].isin(drugs)]
        regimens.append({tuple(sorted(zip(g["item"], g["quantity"], strict=True))) for _, g in given.groupby("draft")})
    assert [len(found) for found in regimens] == [1, 6]


def test_drugs_run_on_through_thin_days(stage):
    *_, others = _plant(stage, thin=0.5, drugs_run_on=True)
    nursing = others[others["item"] == stage.world.catalogue.item("二级护理")]
    assert nursing.groupby("draft")["day"].nunique().tolist() == [4] * 6
    assert others.groupby("draft")["day"].nunique().tolist() == [8] * 6


@pytest.mark.parametrize(("begins", "is_given"), [("after", False), ("meanwhile", True), ("a month later", True)])
def test_a_ward_does_not_go_on_with_a_course_that_another_ward_gave(stage, begins, is_given):
    stay, item = _given_in_a_stay(stage)
    start = {"after": stay.end + HOUR, "meanwhile": stay.end - HOUR, "a month later": stay.end + 31 * DAY}[begins]
    plan = CarePlan.draw(stage.world.catalogue, np.random.default_rng(1), 1)
    plan = replace(plan, drugs=np.full_like(plan.drugs, item))
    hospital = int(stage.world.places.of_kind("secondary")[0])
    doctor = stage.world.places.staff("doctor", np.array([hospital]), np.zeros(1, np.int64))
    stays = Admissions(np.array([stay.person]), hospital, np.array([start]), np.array([5]), 2, doctor)
    bills = Bills()
    plant_stays(stage, bills, np.random.default_rng(3), "next", stays, course=Course(template=plan))
    assert (item in set(bills.ledger().lines["item"])) == is_given


def _given_in_a_stay(stage):
    """Return a stay in which a drug of a longest course was given to someone who never gets it otherwise, and it."""
    visits = stage.visits
    lines = stage.lines(visits["draft"].to_numpy())
    limited = strictest_limits(stage.world.catalogue)["max_course_days"].notna().to_numpy()
    given = lines[limited[lines["item"]]].merge(visits, on="draft")
    alone = given.groupby(["person", "item"])["draft"].transform("nunique") == 1
    stay = next(given[alone & given["is_stay"].astype(bool)].itertuples())
    return stay, stay.item


@pytest.mark.parametrize("visits_too", [True, False])
def test_free_is_who_has_nothing_from_the_day_before_to_the_day_after(stage, visits_too):
    """As counted person by person."""
    people, visits = stage.world.people, stage.visits
    person = np.arange(len(people))
    first = 10 + person % 20
    free = free_between(stage, person, first, first + 6, visits_too=visits_too, staff_too=True)
    for who in person.tolist():
        mine = visits[(visits["person"] == who) & (visits["is_stay"] | visits_too)]
        touched = (mine["start"] // DAY <= first[who] + 7) & (mine["end"] // DAY >= first[who] - 1)
        away = stage.absent.first_day[who] <= first[who] + 6 and first[who] <= stage.absent.last_day[who]
        alive = first[who] + 7 < people.death_day[who]
        assert free[who] == (not touched.any() and not away and alive), who
    assert 50 < free.sum() < len(person)
    signs = stage.is_staff(person)
    assert free[signs].any()
    assert not free_between(stage, person, first, first + 6, visits_too=visits_too)[signs].any()


def test_free_persons_come_in_random_order(stage):
    candidates = np.arange(100, 300)
    found = free_persons(stage, np.random.default_rng(2), candidates, 30, 40)
    assert not np.array_equal(found, np.sort(found))
    assert set(found) == set(candidates[free_between(stage, candidates, 30, 40)])


def test_the_illness_has_one_of_its_tests_on_the_first_day(stage):
    catalogue = stage.world.catalogue
    cold, pneumonia = (catalogue.diagnoses["code"].tolist().index(code) for code in ("J06.900", "J18.900"))
    _, lines, _, _ = _plant(stage, dx1=pneumonia)
    tests = [catalogue.item(name) for name in ("痰细菌培养及鉴定", "肺炎支原体抗体测定")]
    tested = lines[np.isin(lines["item"], tests)]
    assert tested["draft"].nunique() == 6
    assert (tested["day"] == 0).all()
    assert not np.isin(_plant(stage, dx1=cold)[1]["item"], tests).any()
