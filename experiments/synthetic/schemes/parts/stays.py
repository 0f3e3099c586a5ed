"""Stays that schemes invent: their visits and daily lines, and the persons who could be said to have been there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, NONE
from experiments.synthetic.care.illness_tests import bill_illness_tests
from experiments.synthetic.care.stay_days import StayDays, draw_beds
from experiments.synthetic.randomness import stream
from experiments.synthetic.schemes.parts.care_plan import REGIMEN, CarePlan, admission_tests
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.limits import strictest_limits

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.bills import Bills
    from experiments.synthetic.schemes.scheme import Stage
    from experiments.synthetic.world.catalogue import Catalogue

_SPAN = 10_000  # days; far beyond any window, so that person and day fit one number
_GIVEN = 0.88  # share of days on which a drug of the regimen is given
_COURSE_BREAK = 30  # days without the drug after which a new course begins


def free_between(
    stage: Stage,
    person: npt.NDArray[np.int64],
    first_day: Any,
    last_day: Any,
    *,
    visits_too: bool = True,
    staff_too: bool = False,
) -> npt.NDArray[np.bool_]:
    """Tell who could have been in hospital: at home, alive and in no ward from the day before to the day after.

    Parameters
    ----------
    stage : Stage
        The city.
    person : array
        Whom to ask about.
    first_day, last_day : int or array
        Days of admission and discharge, for all or one by one.
    visits_too : bool
        Whether nothing at all may happen to them in these days, visits outside included.
    staff_too : bool
        Whether practitioners may be meant, who sign for others in these days.
    """
    first, last = (np.broadcast_to(np.asarray(day, np.int64), len(person)) for day in (first_day, last_day))
    visits = stage.visits
    asked = np.zeros(len(stage.world.people), bool)
    asked[person] = True
    held = asked[visits["person"].to_numpy()]
    if not visits_too:
        held &= visits["is_stay"].to_numpy(bool)
    base = _SPAN // 4  # stays that began before the window have negative days
    key = np.sort(visits["person"].to_numpy()[held] * _SPAN + visits["start"].to_numpy()[held] // DAY + base)
    begun = np.searchsorted(key, person * _SPAN + last + 1 + base, side="right")
    before = np.searchsorted(key, person * _SPAN + first - 1 + base, side="left")
    free: npt.NDArray[np.bool_] = (begun == before) & stage.presence.is_free(person, first - 1)
    free &= ~stage.absent.meets(person, first, last)
    if not staff_too:
        free &= ~stage.is_staff(person)
    return free & (last + 1 < stage.world.people.death_day[person])


def free_persons(
    stage: Stage, rng: np.random.Generator, candidates: npt.NDArray[np.int64], first_day: int, last_day: int
) -> npt.NDArray[np.int64]:
    """Return, in random order, the candidates to whom nothing happens from the day before to the day after."""
    return rng.permutation(candidates[free_between(stage, candidates, first_day, last_day)])


def leaving_times(
    rng: np.random.Generator, start: npt.NDArray[np.int64], nights: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Draw the second of discharge, in the morning."""
    return (start // DAY + nights) * DAY + ((9.2 + 2.6 * rng.random(len(start))) * HOUR).astype(np.int64)


@dataclass(frozen=True)
class Admissions:
    """Stays to invent, one element each.

    Attributes
    ----------
    person, start, nights, doctor : array
        Who, second of admission, nights, attending doctor. Persons must be free.
    provider, dx1 : int or array
        Hospital and main diagnosis.
    """

    person: npt.NDArray[np.int64]
    provider: Any
    start: npt.NDArray[np.int64]
    nights: npt.NDArray[np.int64]
    dx1: Any
    doctor: npt.NDArray[np.int64]


@dataclass(frozen=True)
class Course:
    """What is done on the days of invented stays; by default everything, on each of them.

    Attributes
    ----------
    thin : float or array
        Share of days without anything done at the bedside: the bed is charged and nothing else.
    empty : array of bool, optional
        Thin days in place of `thin`: one row per stay, one column per day.
    template : CarePlan, optional
        Orders copied to all stays, day after day without change; each stay draws its own when absent.
    drugs_run_on : bool
        Whether the regimen is billed on thin days too.
    """

    thin: Any = 0.0
    empty: npt.NDArray[np.bool_] | None = None
    template: CarePlan | None = None
    drugs_run_on: bool = False


EVERY_DAY = Course()


def plant_stays(
    stage: Stage,
    bills: Bills,
    rng: np.random.Generator,
    source: str,
    stays: Admissions,
    *,
    course: Course = EVERY_DAY,
    **visit_columns: Any,
) -> npt.NDArray[np.int64]:
    """Open stays and bill their days: bed, nursing, rounds, tests at admission and of the illness, drugs by drip.

    Parameters
    ----------
    stage : Stage
        The city; nothing is added to it yet.
    bills : Bills
        Where the stays are written.
    rng : Generator
        Of the scheme.
    source : str
        Name that gives the drafts their numbers.
    stays : Admissions
        Who is in hospital, and where.
    course : Course
        What is done there.
    **visit_columns
        Columns of the visits, such as `pays`, `end` or `surgery`.

    Returns
    -------
    array
        Draft numbers, one per stay.
    """
    world, n, start, doctor = stage.world, len(stays.person), stays.start, stays.doctor
    provider = np.broadcast_to(np.asarray(stays.provider, np.int64), n)
    columns = {
        "end": leaving_times(rng, start, stays.nights),
        "bed": draw_beds(world, rng, provider),
        **visit_columns,
    }
    end = np.asarray(columns.pop("end"), np.int64)
    draft = bills.open(
        source,
        n,
        person=stays.person,
        provider=provider,
        encounter=INPATIENT,
        start=start,
        end=end,
        settle=np.minimum(end + rng.integers(600, 3 * HOUR, n), world.calendar.end - 60),
        is_stay=True,
        doctor=doctor,
        dx1=stays.dx1,
        **columns,
    )
    days = StayDays.spread(bills, rng, draft=draft, doctor=doctor, start=start, end=end)
    idle = _thinned(days, stays.nights, course.thin) if course.empty is None else course.empty[days.of, days.number]
    _bill_bedside(stage, days, provider=provider, present=~idle)
    copied = course.template is not None
    plan = CarePlan.draw(world.catalogue, rng, n) if course.template is None else course.template
    spared = _in_course_elsewhere(stage, stays.person, start, end)
    _bill_orders(
        stage, days, plan, provider=provider, treated=~idle | course.drugs_run_on, is_copied=copied, spared=spared
    )
    bill_illness_tests(
        world,
        replace(days, rng=stream(world.seed, f"{source}/tests")),
        illness=np.broadcast_to(np.asarray(stays.dx1, np.int64), n),
        complication=np.full(n, NONE),
        technician=world.places.rota("technician", provider[days.of], days.day),
    )
    return draft


def _longest_courses(catalogue: Catalogue) -> npt.NDArray[np.float64]:
    longest: npt.NDArray[np.float64] = strictest_limits(catalogue)["max_course_days"].fillna(np.inf).to_numpy(float)
    return longest


def _stay_and_item(stay: npt.NDArray[np.int64], item: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    return stay * _SPAN + item


def _in_course_elsewhere(
    stage: Stage, person: npt.NDArray[np.int64], start: npt.NDArray[np.int64], end: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return stays and the drugs of a longest course that their persons get elsewhere shortly before or after.

    A ward reads the papers of the one before and chooses another drug. It knows nothing of a ward in which the person
    lies at the same time.
    """
    visits = stage.visits
    visits = visits.loc[np.isin(visits["person"].to_numpy(), person), ["draft", "person", "start", "end"]]
    lines = stage.lines(visits["draft"].to_numpy())
    lines = lines[np.isfinite(_longest_courses(stage.world.catalogue)[lines["item"].to_numpy()])]
    given = lines[["draft", "item", "time"]].merge(visits, on="draft")
    own = pd.DataFrame({"stay": np.arange(len(person)), "person": person, "from": start, "to": end})
    near = given.merge(own, on="person")
    before = (near["end"] <= near["from"]) & (near["time"] > near["from"] - _COURSE_BREAK * DAY)
    after = (near["start"] >= near["to"]) & (near["time"] < near["to"] + _COURSE_BREAK * DAY)
    near = near[before | after]
    return near["stay"].to_numpy(np.int64), near["item"].to_numpy(np.int64)


def _thinned(days: StayDays, nights: npt.NDArray[np.int64], thin: Any) -> npt.NDArray[np.bool_]:
    """Choose days on which nothing is done; never the first, an admission on paper needs its tests."""
    wanted = np.minimum(np.rint(np.broadcast_to(thin, len(nights)) * nights).astype(np.int64), nights - 1)
    score = np.where(days.number == 0, 2.0, days.luck())
    order = np.lexsort((score, days.of))
    idle = np.zeros(len(days), bool)
    idle[order] = days.number < wanted[days.of]  # within a stay, days and ranks count alike
    return idle


def _bill_bedside(
    stage: Stage, days: StayDays, *, provider: npt.NDArray[np.int64], present: npt.NDArray[np.bool_]
) -> None:
    catalogue, places = stage.world.catalogue, stage.world.places
    nurse = places.rota("nurse", provider[days.of], days.day)
    days.charge(catalogue.item("普通床位费"), days.every, 20.0)
    days.charge(catalogue.item("二级护理"), present, 7.5, nurse)
    days.charge(catalogue.item("住院诊查"), present, 8.2, days.doctor[days.of])


def _bill_orders(
    stage: Stage,
    days: StayDays,
    plan: CarePlan,
    *,
    provider: npt.NDArray[np.int64],
    treated: npt.NDArray[np.bool_],
    is_copied: bool,
    spared: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
) -> None:
    catalogue, places, of, n = stage.world.catalogue, stage.world.places, days.of, len(days.draft)
    plan = plan.of(np.zeros(n, np.int64)) if len(plan.n_drugs) == 1 else plan
    technician, nurse = (places.rota(role, provider[of], days.day) for role in ("technician", "nurse"))
    for place, item in enumerate(admission_tests(catalogue).tolist()):
        days.charge(item, (days.number == 0) & plan.tests[of, place], 7.0 + 0.2 * place, technician)
    days.charge(catalogue.item("静脉输液"), treated, 9.5, nurse)
    days.charge(catalogue.item("一次性输液器"), treated, 9.5)
    days.charge(catalogue.item("一次性注射器"), treated, 9.4, quantity=2)
    longest = _longest_courses(catalogue)
    barred = np.sort(_stay_and_item(*spared))
    for j in range(REGIMEN):
        given = days.every if is_copied else days.luck() < _GIVEN
        on = treated & given & (plan.n_drugs[of] > j) & (days.number < longest[plan.drugs[of, j]])
        on &= ~np.isin(_stay_and_item(of, plan.drugs[of, j]), barred)
        days.charge(plan.drugs[of, j], on, 9.6 + 0.1 * j, quantity=plan.doses[of, j][on])
