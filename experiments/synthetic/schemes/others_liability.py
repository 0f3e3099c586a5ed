"""P10: injuries that an employer or another driver answers for are billed to the fund.

Some bills are marked as such and paid all the same. With others the patient keeps silent: the first aid at one hospital
was paid by whoever is liable, the stay at the next for the same injury is not marked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from experiments.synthetic.care.bills import BASIC, EMERGENCY, LIABLE, LIABLE_ADVANCED, OVERLOOKED, Bills
from experiments.synthetic.schemes.parts.consultations import see
from experiments.synthetic.schemes.parts.stays import Admissions, free_between, plant_stays
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE, _WAY = "P10", "others' liability"
_PEOPLE = {"small": 4, "medium": 12, "large": 40}
_SILENT = 0.6  # share of the injured whose stay is not marked
_NIGHTS = (5, 12)
_TWINS = 8
_ADVANCED = "the insurer advances what the liable party does not pay, by a decision on record"
_ANOTHER = "a fall at home months after an injury that another paid for"
_LATER = (60, 110)  # days from the one injury to the other
_FEWEST_DAYS = 100  # of a window that holds both


def _injury(stage: Stage) -> int:
    codes = stage.world.catalogue.diagnoses["code"].str.startswith("S").to_numpy()
    return int(np.flatnonzero(codes)[0])


def _injured(
    stage: Stage, rng: np.random.Generator, n: int, span: tuple[int, int]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Draw idle adults and the day on which each is hurt; nothing else happens to them in the weeks around it."""
    adults = rng.permutation(stage.idle_adults())[: 6 * n]
    day = rng.integers(span[0], max(span[0] + 1, span[1]), len(adults))
    free = free_between(stage, adults, day - 1, day + _NIGHTS[1] + 2)
    adults, day = adults[free][:n], day[free][:n]
    if not len(adults):
        raise NoRoomError("hardly any adult is left")
    stage.busy_persons.update(adults.tolist())
    return adults, day


def _first_aid(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    liability: Any,
) -> npt.NDArray[np.int64]:
    """Bill an emergency visit at the usual hospital; return the drafts kept."""
    bills, catalogue, n = Bills(), stage.world.catalogue, len(person)
    seen = see(
        stage,
        bills,
        rng,
        source,
        person=person,
        provider=stage.world.usual["tertiary"][person],
        day=day,
        dx1=_injury(stage),
        second=(8 * HOUR + 3 * HOUR * rng.random(n)).astype(np.int64),
        encounter=EMERGENCY,
        liability=liability,
    )
    technician = stage.world.places.rota("technician", stage.world.usual["tertiary"][person], day)
    seen.charge(int(catalogue.group("xray")[0]), True, 1_200, executor=technician)
    return stage.add(bills)


def _stay(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    liability: Any,
) -> npt.NDArray[np.int64]:
    """Bill a stay for the injury at a hospital near home from the next day on; return the drafts kept."""
    bills, n = Bills(), len(person)
    provider = stage.world.usual["secondary"][person]
    start = (day + 1) * DAY + ((8.5 + 6 * rng.random(n)) * HOUR).astype(np.int64)
    doctor = stage.world.places.rota("doctor", provider, day + 1)
    stays = Admissions(person, provider, start, rng.integers(*_NIGHTS, n), _injury(stage), doctor)
    plant_stays(stage, bills, rng, source, stays, liability=liability)
    return stage.add(bills, even_in_hospital=True)


def plant(stage: Stage, size: str, number: int) -> None:
    """Let the fund pay for the injuries of some people."""
    rng = stage.rng(_CODE, f"{_WAY}/{number}")
    first, last = stage.window(rng)
    person, day = _injured(stage, rng, _PEOPLE[size], (first + 2, last - _NIGHTS[1] - 3))
    silent = rng.random(len(person)) < _SILENT
    source = f"{_CODE}/{_WAY}/{number}"
    aid = np.where(silent, LIABLE, np.where(rng.random(len(person)) < 0.5, OVERLOOKED, LIABLE))
    seen = _first_aid(stage, rng, f"{source}/first aid", person=person, day=day, liability=aid)
    stay = np.where(silent, BASIC, OVERLOOKED)
    lain = _stay(stage, rng, f"{source}/stay", person=person, day=day, liability=stay)
    visits = stage.book.visits_of(np.concatenate([seen, lain]))
    guilty = visits[visits["liability"].to_numpy() != LIABLE]
    if not len(guilty):
        raise NoRoomError("nobody who is hurt could be treated")
    stage.truth.add_settlements(_CODE, guilty["draft"].to_numpy(), if_paid=True)
    stage.truth.add_patients(_CODE, guilty["person"].to_numpy(), guilty["start"].to_numpy() // DAY)


def plant_twin(stage: Stage) -> None:
    """Advance the care of some people by decision; let others fall at home months after another paid for them."""
    rng = stage.rng(_CODE, f"{_WAY}/twin")
    n_days = stage.world.calendar.n_days
    person, day = _injured(stage, rng, _TWINS, (3, n_days - _NIGHTS[1] - 4))
    source = f"{_CODE}/{_WAY}/twin"
    _first_aid(stage, rng, f"{source}/first aid", person=person, day=day, liability=LIABLE)
    _stay(stage, rng, f"{source}/stay", person=person, day=day, liability=LIABLE_ADVANCED)
    stage.truth.add_twins("patient", person, _CODE, _ADVANCED)
    if n_days < _FEWEST_DAYS:
        raise NoRoomError("the window is too short for two injuries")
    last = n_days - _LATER[0] - _NIGHTS[1] - 4
    person, day = _injured(stage, rng, _TWINS // 2, (3, max(4, last)))
    _first_aid(stage, rng, f"{source}/before", person=person, day=day, liability=LIABLE)
    later = np.minimum(day + rng.integers(*_LATER, len(day)), n_days - _NIGHTS[1] - 4)
    free = free_between(stage, person, later, later + _NIGHTS[1] + 1)
    _stay(stage, rng, f"{source}/fall", person=person[free], day=later[free], liability=BASIC)
    stage.truth.add_twins("patient", person[free], _CODE, _ANOTHER)


OTHERS_LIABILITY = Scheme(_CODE, 800, plant, plant_twin, way=_WAY)
