"""H27: a clinic goes on under its doctor's name while the doctor lies in hospital."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.schemes.parts.standing import standing
from experiments.synthetic.schemes.parts.stays import Admissions, free_between, plant_stays
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "H27"
_CLINICS = {"small": 1, "medium": 3, "large": 8}
_HOSTS = ("clinic", "village", "community", "township")
_NIGHTS = (5, 10)
_FEWEST_LINES = 4
_TRIES = 40
_MORNING = "saw patients in the morning and was admitted in the afternoon; signs nothing until the stay is over"


def _lines_inside(stage: Stage, provider: int, doctor: int, span: tuple[int, int]) -> pd.DataFrame:
    """Return the lines that a doctor signs at a provider in a span of days."""
    lines = stage.lines(standing(stage, provider, span)["draft"].to_numpy())
    signed = (lines["prescriber"].to_numpy() == doctor) | (lines["executor"].to_numpy() == doctor)
    day = lines["time"].to_numpy() // DAY
    return _paid_for(stage, lines[signed & (day >= span[0]) & (day <= span[1]) & (lines["quantity"].to_numpy() > 0)])


def _paid_for(stage: Stage, lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines that are in the benefit's scope: of the others the fund is asked for nothing."""
    return lines[stage.world.catalogue.items["in_scope"].to_numpy()[lines["item"].to_numpy()] > 0]


def _busiest_doctors(stage: Stage, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Return doctors of idle small places who are registered as persons, in random order."""
    staff = stage.world.places.practitioners
    fit = np.isin(staff["provider"].to_numpy(), stage.idle(*_HOSTS)) & (staff["role"].to_numpy() == "doctor")
    person = staff["person"].to_numpy()
    fit &= (person >= 0) & ~np.isin(person, sorted(stage.busy_persons)) & ~staff["is_team"].to_numpy(bool)
    order: npt.NDArray[np.int64] = rng.permutation(np.flatnonzero(fit))
    return order


def _lay_in_bed(stage: Stage, rng: np.random.Generator, source: str, *, doctor: int, day: int, nights: int) -> bool:
    """Bill an honest stay of a doctor; tell whether there was one."""
    world = stage.world
    person = np.array([world.places.practitioners["person"].to_numpy()[doctor]])
    if not free_between(stage, person, day, day + nights, staff_too=True)[0]:
        return False
    hospital = int(world.usual["secondary"][person[0]])
    start = np.array([day * DAY + 15 * HOUR + int(rng.integers(0, HOUR))])
    treating = world.places.rota("doctor", np.array([hospital]), np.array([day]))
    if treating[0] == doctor:
        return False
    dx = world.catalogue.diagnoses_of("acute")[[2]]
    bills = Bills()
    stays = Admissions(person, hospital, start, np.array([nights]), dx, treating)
    plant_stays(stage, bills, rng, source, stays)
    return bool(len(stage.add(bills)))


class _Case(NamedTuple):
    """A doctor in bed: where the doctor works, first and last whole day of the stay, what was signed meanwhile."""

    provider: int
    doctor: int
    first: int
    last: int
    inside: pd.DataFrame


def _cases(stage: Stage, rng: np.random.Generator, source: str, wanted: int) -> list[_Case]:
    """Lay doctors in bed in weeks in which they are busy."""
    found: list[_Case] = []
    home = stage.world.places.practitioners["provider"].to_numpy()
    first, last = stage.window(rng)
    for doctor in _busiest_doctors(stage, rng)[: _TRIES * wanted].tolist():
        if len(found) == wanted:
            break
        provider, nights = int(home[doctor]), int(rng.integers(*_NIGHTS))
        if provider in stage.busy or last - first <= nights:
            continue
        day = int(rng.integers(first, last - nights))
        inside = _lines_inside(stage, provider, doctor, (day + 1, day + nights - 1))
        if len(inside) < _FEWEST_LINES or not _lay_in_bed(
            stage, rng, f"{source}/{doctor}", doctor=doctor, day=day, nights=nights
        ):
            continue
        stage.busy.add(provider)
        stage.busy_persons.add(int(stage.world.places.practitioners["person"].to_numpy()[doctor]))
        found.append(_Case(provider, doctor, day + 1, day + nights - 1, inside))
    return found


def _scripts(stage: Stage, doctor: int, span: tuple[int, int]) -> npt.NDArray[np.int64]:
    """Return the drafts that fill what a doctor prescribes in a span of days."""
    scripts = stage.prescriptions
    day = scripts["issue_time"].to_numpy() // DAY
    on = (scripts["prescriber"].to_numpy() == doctor) & (day >= span[0]) & (day <= span[1])
    drafts: npt.NDArray[np.int64] = scripts["draft"].to_numpy()[on]
    return drafts


def plant(stage: Stage, size: str, number: int) -> None:
    """Let stand-ins treat and sign under the names of doctors who lie in hospital."""
    rng = stage.rng(_CODE, str(number))
    cases = _cases(stage, rng, f"{_CODE}/{number}", _CLINICS[size])
    if not cases:
        raise NoRoomError("no small place with a busy doctor is left")
    reached = max((name for name in _CLINICS if _CLINICS[name] <= max(1, len(cases))), key=_CLINICS.__getitem__)
    for provider, doctor, first, last, inside in cases:
        fills = stage.lines(_scripts(stage, doctor, (first, last)))
        fills = _paid_for(stage, fills[fills["prescriber"].to_numpy() == doctor])
        stage.truth.add_lines(_CODE, fills["draft"].to_numpy(), fills["uid"].to_numpy())
        stage.truth.add_provider(provider, _CODE, first, last, reached)
        stage.truth.add_practitioners(_CODE, [doctor])
        stage.truth.add_lines(_CODE, inside["draft"].to_numpy(), inside["uid"].to_numpy())


def plant_twin(stage: Stage) -> None:
    """Let one doctor be admitted in the afternoon of a working day; the place closes, or a colleague takes over."""
    rng = stage.rng(_CODE, "twin")
    cases = _cases(stage, rng, f"{_CODE}/twin", 1)
    if not cases:
        raise NoRoomError("no small place with a busy doctor is left")
    provider, doctor, first, last, _ = cases[0]
    mine = standing(stage, provider, (first, last + 1))
    lines = stage.lines(mine["draft"].to_numpy())
    signed = lines["draft"].to_numpy()[(lines["prescriber"] == doctor) | (lines["executor"] == doctor)]
    gone = mine[np.isin(mine["draft"].to_numpy(), signed) | (mine["doctor"].to_numpy() == doctor)]
    fills = _scripts(stage, doctor, (first, last + 1))
    visits = stage.visits
    back = visits["draft"].to_numpy()[
        (visits["provider"].to_numpy() == provider)
        & (visits["doctor"].to_numpy() == doctor)
        & (visits["start"].to_numpy() // DAY >= first)
        & (visits["start"].to_numpy() // DAY <= last + 1)
    ]
    stage.drop(np.unique(np.r_[gone["draft"].to_numpy(), fills, back]))
    stage.truth.add_twins("practitioner", [doctor], _CODE, _MORNING)
    stage.truth.add_twins("provider", [provider], _CODE, _MORNING)


SIGNED_FROM_BED = Scheme(_CODE, 800, plant, plant_twin)
