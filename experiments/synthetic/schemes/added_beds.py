"""H35: a hospital admits more patients than it is licensed for, into beds along the corridor and in the next house."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from experiments.synthetic.care.bills import INPATIENT, Bills
from experiments.synthetic.schemes.parts.standing import standing
from experiments.synthetic.schemes.parts.stays import Admissions, free_between, plant_stays
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "H35"
_CROWDED = {"small": 14, "medium": 25, "large": 50}  # days on which it is full and more
_OVER = (1.25, 1.5)  # patients over licensed beds
_NIGHTS = (6, 11)
_LONGEST = 120  # days of a stay that began before the window
_SMALLEST = 8  # of the hospitals of a city, those with the fewest beds
_TWIN_DAYS, _TWIN_OVER = 5, 1.2
_FLU = "J11.101"
_EPIDEMIC = "a wave of flu: beds in the corridor for less than a week"


class _Stays(NamedTuple):
    """Person, first day, nights and bed of each stay that fills a hospital."""

    person: npt.NDArray[np.int64]
    day: npt.NDArray[np.int64]
    nights: npt.NDArray[np.int64]
    bed: npt.NDArray[np.int64]


def _small_hospital(stage: Stage, rng: np.random.Generator) -> int:
    idle = stage.idle("township", "secondary")
    beds = stage.world.places.providers["licensed_beds"].to_numpy()[idle]
    group = stage.world.places.providers["group_id"].to_numpy().astype(str)[idle]
    idle = idle[np.argsort(np.where(group == "", beds, 1_000), kind="stable")][:_SMALLEST]
    return stage.host(rng, "township", "secondary", among=idle)


def _filling(stage: Stage, rng: np.random.Generator, n_beds: int, first: int, last: int) -> _Stays:
    """Fill beds from a first day on: whoever leaves makes room for the next on the same day, until the last day."""
    people, calendar = rng.permutation(stage.idle_adults()), stage.world.calendar
    rows, used = [], 0
    for bed in range(n_beds):
        day = first + int(rng.integers(0, 2))
        while day < min(last, calendar.n_days - _NIGHTS[1] - 2):
            nights = int(rng.integers(*_NIGHTS))
            nights = min(nights, max(2, last - day + int(rng.integers(0, 3))))
            candidates = people[used : used + 40]
            free = candidates[free_between(stage, candidates, day, day + nights)]
            if not len(free):
                raise NoRoomError("hardly any adult is left")
            used = int(np.flatnonzero(people == free[0])[0]) + 1
            rows.append((int(free[0]), day, nights, bed + 1))
            day += nights
    if not rows:
        raise NoRoomError("the window is too short for a crowded ward")
    return _Stays(*np.array(rows, np.int64).T)


def _admit(stage: Stage, rng: np.random.Generator, source: str, *, hospital: int, stays: _Stays, dx1: Any) -> None:
    """Bill the stays, of one illness or one each."""
    n = len(stays.person)
    where = np.full(n, hospital)
    start = stays.day * DAY + ((13 + 3 * rng.random(n)) * HOUR).astype(np.int64)
    doctor = stage.world.places.rota("doctor", where, stays.day)
    bills = Bills()
    admissions = Admissions(stays.person, hospital, start, stays.nights, dx1, doctor)
    plant_stays(stage, bills, rng, source, admissions, bed=stays.bed)
    stage.busy_persons.update(stays.person.tolist())
    stage.add(bills)


def _beyond(stage: Stage, hospital: int, licensed: int) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Return the stays of a hospital with nights for which no licensed bed was left, and how many of their nights.

    Who came first has the bed; when somebody leaves, the next in line has it.
    """
    stays = standing(stage, hospital, (-_LONGEST, stage.world.calendar.n_days), INPATIENT).sort_values("start")
    first, last = (stays[name].to_numpy() // DAY for name in ("start", "end"))
    nights = np.zeros(len(stays), np.int64)
    for night in range(int(first.min(initial=0)), int(last.max(initial=0))):
        nights[np.flatnonzero((first <= night) & (night < last))[licensed:]] += 1
    return stays[nights > 0], nights[nights > 0]


def plant(stage: Stage, size: str, number: int) -> None:
    """Fill one small hospital beyond its licence for weeks."""
    rng = stage.rng(_CODE, str(number))
    hospital = _small_hospital(stage, rng)
    licensed = int(stage.world.places.providers["licensed_beds"].to_numpy()[hospital])
    first = int(rng.integers(2, max(3, stage.world.calendar.n_days // 3)))
    n_beds = int(np.ceil(licensed * rng.uniform(*_OVER)))
    stays = _filling(stage, rng, n_beds, first, first + _CROWDED[size])
    common = stage.world.catalogue.diagnoses_of("acute")[:3]
    dx1 = rng.choice(common, len(stays.person))
    _admit(stage, rng, f"{_CODE}/{number}", hospital=hospital, stays=stays, dx1=dx1)
    beyond, nights = _beyond(stage, hospital, licensed)
    if not len(beyond):
        raise NoRoomError("the window is too short for a crowded ward")
    day = beyond["start"].to_numpy() // DAY
    stage.truth.add_provider(hospital, _CODE, int(day.min()), int(beyond["end"].max()) // DAY, size)
    whole = beyond["end"].to_numpy() // DAY - beyond["start"].to_numpy() // DAY
    stage.truth.add_settlements(_CODE, beyond["draft"].to_numpy(), part=nights, whole=whole)


def plant_twin(stage: Stage) -> None:
    """Crowd one small hospital for some days of a wave."""
    rng = stage.rng(_CODE, "twin")
    hospital = _small_hospital(stage, rng)
    licensed = int(stage.world.places.providers["licensed_beds"].to_numpy()[hospital])
    first = int(rng.integers(2, 30))
    stays = _filling(stage, rng, int(np.ceil(licensed * _TWIN_OVER)), first, first + _TWIN_DAYS)
    stays = stays._replace(nights=np.minimum(stays.nights, _TWIN_DAYS + 1))
    codes = stage.world.catalogue.diagnoses["code"].to_numpy()
    flu = int(np.flatnonzero(codes == _FLU)[0])
    _admit(stage, rng, f"{_CODE}/twin", hospital=hospital, stays=stays, dx1=flu)
    stage.truth.add_twins("provider", [hospital], _CODE, _EPIDEMIC)


ADDED_BEDS = Scheme(_CODE, 800, plant, plant_twin)
