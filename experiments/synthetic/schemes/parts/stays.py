"""Stays that schemes invent: their visits and daily lines, and the persons who could be said to have been there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.synthetic.care.bills import INPATIENT, NONE, Bills
from experiments.synthetic.schemes.parts.care_plan import REGIMEN, CarePlan, admission_tests
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.scheme import Stage

_SPAN = 10_000  # days; far beyond any window, so that person and day fit one number
_GIVEN = 0.88  # share of days on which a drug of the regimen is given


def free_between(
    stage: Stage, person: npt.NDArray[np.int64], first_day: Any, last_day: Any, *, visits_too: bool = True
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
class _Days:
    """One element per stay and day that is followed by a night."""

    bills: Bills
    rng: np.random.Generator
    draft: npt.NDArray[np.int64]
    doctor: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]
    of: npt.NDArray[np.int64]
    number: npt.NDArray[np.int64]

    def charge(
        self, item: Any, on: npt.NDArray[np.bool_], hour: float, executor: Any = NONE, quantity: Any = 1
    ) -> None:
        rows = self.of[on]
        time = (self.start[rows] // DAY + self.number[on]) * DAY + int(hour * HOUR)
        time = np.clip(time + self.rng.integers(0, 2_400, len(rows)), self.start[rows] + 600, self.end[rows] - 600)
        chosen, who, count = (
            part if np.ndim(part) == 0 else np.asarray(part)[on] for part in (item, executor, quantity)
        )
        self.bills.charge(self.draft[rows], chosen, time, prescriber=self.doctor[rows], executor=who, quantity=count)


def plant_stays(
    stage: Stage,
    bills: Bills,
    rng: np.random.Generator,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    provider: Any,
    start: npt.NDArray[np.int64],
    nights: npt.NDArray[np.int64],
    dx1: Any,
    doctor: npt.NDArray[np.int64],
    thin: Any = 0.0,
    template: CarePlan | None = None,
    drugs_run_on: bool = False,
    empty: npt.NDArray[np.bool_] | None = None,
    **visit_columns: Any,
) -> npt.NDArray[np.int64]:
    """Open stays and bill their days: bed, nursing, rounds, tests at admission, drugs by drip.

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
    person, start, nights, doctor : array
        One element per stay: who, second of admission, nights, attending doctor. Persons must be free.
    provider, dx1 : int or array
        Hospital and main diagnosis.
    thin : float or array
        Share of days without anything done at the bedside: the bed is charged and nothing else.
    template : CarePlan, optional
        Orders copied to all stays, day after day without change; each stay draws its own when absent.
    drugs_run_on : bool
        Whether the regimen is billed on thin days too.
    empty : array of bool, optional
        Thin days in place of `thin`: one row per stay, one column per day.
    **visit_columns
        Columns of the visits, such as `pays`, `end` or `surgery`.

    Returns
    -------
    array
        Draft numbers, one per stay.
    """
    world, n = stage.world, len(person)
    provider = np.broadcast_to(np.asarray(provider, np.int64), n)
    columns = {
        "end": leaving_times(rng, start, nights),
        "bed": (rng.random(n) * np.maximum(world.places.providers["licensed_beds"].to_numpy()[provider], 1)).astype(int)
        + 1,
        **visit_columns,
    }
    end = np.asarray(columns.pop("end"), np.int64)
    settle = np.minimum(end + rng.integers(600, 3 * HOUR, n), world.calendar.end - 60)
    draft = bills.open(
        source,
        n,
        person=person,
        provider=provider,
        encounter=INPATIENT,
        start=start,
        end=end,
        settle=settle,
        is_stay=True,
        doctor=doctor,
        dx1=dx1,
        **columns,
    )
    of = np.repeat(np.arange(n), nights)
    number = np.arange(len(of)) - np.repeat(np.cumsum(nights) - nights, nights)
    days = _Days(bills, rng, draft, doctor, start, end, of, number)
    idle = empty[of, number] if empty is not None else _thinned(rng, of, number, nights, thin)
    _bill_bedside(stage, days, provider=provider, present=~idle)
    plan = CarePlan.draw(world.catalogue, rng, n) if template is None else template
    _bill_orders(stage, days, plan, provider=provider, treated=~idle | drugs_run_on, is_copied=template is not None)
    return draft


def _thinned(
    rng: np.random.Generator,
    of: npt.NDArray[np.int64],
    number: npt.NDArray[np.int64],
    nights: npt.NDArray[np.int64],
    thin: Any,
) -> npt.NDArray[np.bool_]:
    """Choose days on which nothing is done; never the first, an admission on paper needs its tests."""
    wanted = np.minimum(np.rint(np.broadcast_to(thin, len(nights)) * nights).astype(np.int64), nights - 1)
    score = np.where(number == 0, 2.0, rng.random(len(of)))
    order = np.lexsort((score, of))
    idle = np.zeros(len(of), bool)
    idle[order] = number < wanted[of]  # within a stay, days and ranks count alike
    return idle


def _bill_bedside(
    stage: Stage, days: _Days, *, provider: npt.NDArray[np.int64], present: npt.NDArray[np.bool_]
) -> None:
    catalogue, places = stage.world.catalogue, stage.world.places
    nurse = places.rota("nurse", provider[days.of], days.start[days.of] // DAY + days.number)
    days.charge(catalogue.item("普通床位费"), np.ones(len(days.of), bool), 20.0)
    days.charge(catalogue.item("二级护理"), present, 7.5, nurse)
    days.charge(catalogue.item("住院诊查"), present, 8.2, days.doctor[days.of])


def _bill_orders(
    stage: Stage,
    days: _Days,
    plan: CarePlan,
    *,
    provider: npt.NDArray[np.int64],
    treated: npt.NDArray[np.bool_],
    is_copied: bool,
) -> None:
    catalogue, places, of, n = stage.world.catalogue, stage.world.places, days.of, len(days.draft)
    plan = plan.of(np.zeros(n, np.int64)) if len(plan.n_drugs) == 1 else plan
    technician = places.rota("technician", provider[of], days.start[of] // DAY + days.number)
    nurse = places.rota("nurse", provider[of], days.start[of] // DAY + days.number)
    for place, item in enumerate(admission_tests(catalogue).tolist()):
        days.charge(item, (days.number == 0) & plan.tests[of, place], 7.0 + 0.2 * place, technician)
    days.charge(catalogue.item("静脉输液"), treated, 9.5, nurse)
    days.charge(catalogue.item("一次性输液器"), treated, 9.5)
    days.charge(catalogue.item("一次性注射器"), treated, 9.4, quantity=2)
    for j in range(REGIMEN):
        given = np.ones(len(of), bool) if is_copied else days.rng.random(len(of)) < _GIVEN
        on = treated & given & (plan.n_drugs[of] > j)
        days.charge(plan.drugs[of, j], on, 9.6 + 0.1 * j, quantity=plan.doses[of, j])
