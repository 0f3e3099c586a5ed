"""H02: the bed is held, the patient is not in it: the bed fee runs while the person lives at home.

Some are admitted for appearance's sake and come for a drip now and then: such a stay is guilty as a whole. Others were
ill, went home, and stay on in the books: the bed fees of the days after are guilty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.schemes.parts.outside_visits import add_errands
from experiments.synthetic.schemes.parts.prolonged_stays import can_go_on, prolong
from experiments.synthetic.schemes.parts.stays import Admissions, Course, free_between, plant_stays
from experiments.synthetic.schemes.scheme import Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.people import CONDITIONS

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "H02"
_STAYS = {"small": 10, "medium": 40, "large": 150}
_HOSTS = ("secondary", "township", "tertiary")
_AT_MOST = 0.5  # share of a hospital's longer stays that is prolonged: the others are honest
_ILLNESSES = ("I63.900", "M51.202", "M54.500", "I25.100", "G47.000", "K29.500")
_HAS_ERRANDS = 0.75  # share of those whose absence can be seen elsewhere
_LEAVE = "rehabilitation with weekends at home on leave that the ward ordered and wrote down"
_REAL_DAYS = 3  # more of them in a row, and nothing after, are a stay
_IN_REHABILITATION = 14
_FRIDAY = 4


def _place_of(stage: Stage, code: str) -> int:
    return int(np.flatnonzero((stage.world.catalogue.diagnoses["code"] == code).to_numpy())[0])


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant the held beds of one hospital."""
    rng = stage.rng(_CODE, str(number))
    hospital = _hospital(stage, rng, _STAYS[size])
    span = stage.window(rng)
    source = f"{_CODE}/{number}"
    prolonged = can_go_on(stage, rng, hospital, span)
    n_prolonged = min(int(rng.uniform(0.35, 0.6) * _STAYS[size]), int(len(prolonged) * _AT_MOST))
    prolonged = prolonged.iloc[np.sort(rng.choice(len(prolonged), n_prolonged, replace=False))]
    if n_prolonged:
        uids = prolong(stage, rng, prolonged)
        drafts = stage.lines(prolonged["draft"].to_numpy())
        drafts = drafts[np.isin(drafts["uid"].to_numpy(), uids)]
        stage.truth.add_lines(_CODE, drafts["draft"].to_numpy(), drafts["uid"].to_numpy())
    kept = _admit(stage, rng, source, hospital=hospital, n=_STAYS[size] - n_prolonged, span=span)
    stage.truth.add_settlements(_CODE, kept)
    everyone = np.r_[prolonged["draft"].to_numpy(), kept]
    if len(everyone):
        _note(stage, size, hospital, stage.visits[stage.visits["draft"].isin(everyone)], kept)
        _go_out(stage, rng, source, everyone)


def _hospital(stage: Stage, rng: np.random.Generator, wanted: int) -> int:
    """Draw a hospital among whose stays those of the scheme can hide, else one of the busier."""
    idle = stage.idle(*_HOSTS)
    idle = idle[idle != stage.world.places.oncology_hospital]
    visits = stage.visits
    held = visits["provider"].to_numpy()[visits["is_stay"].to_numpy(bool)]
    stays = np.bincount(held, minlength=len(stage.world.places.providers))[idle]
    enough = min(2 * wanted, int(stays.max(initial=0)) // 2)
    return stage.host(rng, *_HOSTS, among=idle[stays >= enough])


def _admit(
    stage: Stage, rng: np.random.Generator, source: str, *, hospital: int, n: int, span: tuple[int, int]
) -> npt.NDArray[np.int64]:
    """Admit people of the neighbourhood who come for a drip now and then, or not at all after the first days."""
    world, people = stage.world, stage.world.people
    region = world.geography.townships["region"].to_numpy()
    idle = stage.idle_adults()
    home = region[people.township[idle]] == world.places.providers["region"].to_numpy()[hospital]
    grave = people.conditions[idle][:, [CONDITIONS.index("oncology"), CONDITIONS.index("renal")]].any(axis=1)
    idle = rng.permutation(idle[home & ~grave & (people.age[idle] >= 40)])[: 6 * n]
    nights = rng.integers(7, 17, len(idle))
    last = min(span[1], world.calendar.n_days - 20)
    weight = world.calendar.attendance("admission")[span[0] : last + 1]
    day = span[0] + rng.choice(len(weight), len(idle), p=weight / weight.sum())
    fit = np.flatnonzero(free_between(stage, idle, day, day + nights, visits_too=False))[:n]
    person, nights, day = idle[fit], nights[fit], day[fit]
    n = len(person)
    illness = np.array([_place_of(stage, code) for code in rng.choice(_ILLNESSES, 3, replace=False)])
    bills = Bills()
    plant_stays(
        stage,
        bills,
        rng,
        source,
        Admissions(
            person=person,
            provider=hospital,
            start=day * DAY + world.calendar.draw_seconds(rng, n, "admission"),
            nights=nights,
            dx1=rng.choice(illness, n),
            doctor=world.places.staff("doctor", np.full(n, hospital), rng.integers(0, int(rng.integers(2, 4)), n)),
        ),
        course=Course(
            empty=_absences(rng, nights, rng.uniform(0.42, 0.62) + rng.uniform(0, 0.2, n), drift=rng.uniform(0, 1.5))
        ),
    )
    return stage.add(bills)


def _absences(
    rng: np.random.Generator, nights: npt.NDArray[np.int64], share: npt.NDArray[np.float64], *, drift: float
) -> npt.NDArray[np.bool_]:
    """Choose each stay's days of absence, never the first; with more drift they gather at the end.

    Who was there for more than three days comes back for the last: else it were a real stay that is prolonged.
    """
    n, longest = len(nights), int(nights.max(initial=1))
    day = np.arange(longest)
    score = rng.random((n, longest)) + drift * day / nights[:, None]
    score[(day >= nights[:, None]) | (day == 0)] = -1.0
    rank = np.argsort(np.argsort(-score, axis=1), axis=1)
    absent: npt.NDArray[np.bool_] = rank < np.minimum(np.ceil(share * nights), nights - 1)[:, None]
    there = (~absent & (day < nights[:, None])).sum(axis=1)
    went = absent.argmax(axis=1)  # the first day of absence
    gone = np.flatnonzero((there == went) & (there > _REAL_DAYS))
    absent[gone, nights[gone] - 1], absent[gone, went[gone] - 1] = False, True
    return absent


def _go_out(stage: Stage, rng: np.random.Generator, source: str, drafts: npt.NDArray[np.int64]) -> None:
    """Send most of them on errands on days without anything at the bedside."""
    lines, visits = stage.lines(drafts), stage.visits
    bed = lines["item"].to_numpy() == stage.world.catalogue.item("普通床位费")
    day = lines["time"].to_numpy() // DAY
    per_day = lines.assign(day=day, only_bed=bed).groupby(["draft", "day"], sort=True)["only_bed"].all()
    absent = per_day[per_day].reset_index()
    stays = visits[visits["draft"].isin(drafts)].set_index("draft")
    goes = rng.random(len(stays)) < _HAS_ERRANDS
    errands = rng.integers(1, 4, len(stays)) * goes
    rank = absent.assign(luck=rng.random(len(absent))).groupby("draft")["luck"].rank().to_numpy()
    mine = stays.index.get_indexer(absent["draft"])
    on = rank <= errands[mine]
    person = stays["person"].to_numpy()[mine][on]
    add_errands(stage, rng, f"{source}/errand", person=person, day=absent["day"].to_numpy()[on])


def _note(stage: Stage, size: str, hospital: int, visits: pd.DataFrame, kept: npt.NDArray[np.int64]) -> None:
    day = visits["start"].to_numpy() // DAY
    truth, n = stage.truth, len(visits)
    # A small city has few patients: the size on record is the one reached, by the geometric means of the sizes.
    reached = "small" if n < 20 else "medium" if n < 77 else "large"
    truth.add_provider(
        hospital, _CODE, int(day.min()), int(visits["settle"].max()) // DAY, min(size, reached, key=tuple(_STAYS).index)
    )
    truth.add_patients(_CODE, visits["person"].to_numpy(), day)
    truth.add_practitioners(_CODE, np.unique(visits["doctor"].to_numpy()[visits["draft"].isin(kept)]).tolist())
    stage.busy_persons.update(visits["person"].tolist())


def plant_twin(stage: Stage) -> None:
    """Let a ward send its rehabilitation patients home at weekends, with leave ordered for each."""
    rng = stage.rng(_CODE, "twin")
    world, people = stage.world, stage.world.people
    general = stage.idle("secondary", "tertiary")
    hospital = stage.host(rng, "secondary", "tertiary", among=general[general != world.places.oncology_hospital])
    idle = stage.idle_adults()
    idle = rng.permutation(idle[people.age[idle] >= 55])
    nights = rng.integers(18, 33, len(idle))
    day = rng.integers(2, max(3, world.calendar.n_days - 36), len(idle))
    fit = np.flatnonzero(free_between(stage, idle, day, day + nights))[:_IN_REHABILITATION]
    person, nights, day = idle[fit], nights[fit], day[fit]
    n, bills = len(person), Bills()
    away = _weekends(stage, rng, day, nights)
    doctor = world.places.staff("doctor", np.full(n, hospital), rng.integers(0, 2, n))
    draft = plant_stays(
        stage,
        bills,
        rng,
        f"{_CODE}/twin",
        Admissions(
            person=person,
            provider=hospital,
            start=day * DAY + world.calendar.draw_seconds(rng, n, "admission"),
            nights=nights,
            dx1=int(world.catalogue.diagnoses_of("rehabilitation")[0]),
            doctor=doctor,
        ),
        course=Course(empty=away),
        dx2=_place_of(stage, "I63.900"),
    )
    row, number = np.nonzero(~away & (np.arange(away.shape[1]) < nights[:, None]) & (np.arange(away.shape[1]) > 0))
    nurse = world.places.rota("nurse", np.full(len(row), hospital), day[row] + number)
    exercise = (day[row] + number) * DAY + int(15.2 * HOUR) + rng.integers(0, HOUR, len(row))
    bills.charge(draft[row], world.catalogue.item("运动疗法"), exercise, prescriber=doctor[row], executor=nurse)
    begins = away & ~np.pad(away, ((0, 0), (1, 0)))[:, :-1]
    ends = away & ~np.pad(away, ((0, 0), (0, 1)))[:, 1:]
    (row, first), (_, last) = np.nonzero(begins), np.nonzero(ends)
    bills.leave(draft[row], day[row] + first, day[row] + last)
    stage.add(bills)
    out = rng.random(len(row)) < 0.25
    add_errands(stage, rng, f"{_CODE}/twin/errand", person=person[row[out]], day=(day[row] + last)[out], to_clinic=0.0)
    stage.busy_persons.update(person.tolist())
    stage.truth.add_twins("provider", [hospital], _CODE, _LEAVE)
    stage.truth.add_twins("patient", person, _CODE, _LEAVE)


def _weekends(
    stage: Stage, rng: np.random.Generator, day: npt.NDArray[np.int64], nights: npt.NDArray[np.int64]
) -> npt.NDArray[np.bool_]:
    """Choose the days at home: Friday or Saturday to Sunday or Monday, from the first week on."""
    number = np.arange(int(nights.max(initial=1)))
    weekday = (stage.world.calendar.first.weekday() + day[:, None] + number) % 7
    leaves_on = rng.choice((_FRIDAY - 1, _FRIDAY), len(day), p=(0.7, 0.3))[:, None]  # Thursday evening, Friday evening
    away: npt.NDArray[np.bool_] = (weekday > leaves_on) & (number >= 3) & (number < nights[:, None] - 1)
    return away


BED_HOLDING = Scheme(_CODE, 400, plant, plant_twin)
