"""P15: a few people whom the state supports wholly lie in one hospital after the other for the same illness."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.payer.benefits import fully_relieved
from experiments.synthetic.schemes.parts.care_plan import REGIMEN, CarePlan
from experiments.synthetic.schemes.parts.stays import Admissions, Course, plant_stays
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.catalogue import WHOLLY_IN_SCOPE
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "P15"
_PEOPLE = {"small": 1, "medium": 3, "large": 8}
_HOSTS, _HOSPITALS = ("secondary", "township"), 3
_FEWEST_STAYS = 6  # of a round, at all of the hospitals
_NIGHTS, _BETWEEN = (7, 13), (2, 12)  # of a stay; days from one stay to the next
_ILLNESSES = ("pain", "copd", "heart")  # what one can be said to have for years
_TWINS, _TWIN_NIGHTS = 3, (3, 7)
_OLD = 45  # years
_DYING = "a cancer of its last months, treated in turn where a bed is free, paid for by relief"


def _relieved(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw idle people who pay next to nothing, older ones first, and give them a part."""
    idle = stage.idle_people(18)
    fit = fully_relieved(stage.world)[idle] & ~stage.absent.meets(idle, 0, stage.world.calendar.n_days)
    people = rng.permutation(idle[fit])
    people = people[np.argsort(stage.world.people.age[people] < _OLD, kind="stable")][:n]
    if not len(people):
        raise NoRoomError("nobody is left whose care is wholly paid for")
    stage.busy_persons.update(people.tolist())
    return people


def _hospitals(stage: Stage, rng: np.random.Generator, *kinds: str) -> npt.NDArray[np.int64]:
    """Give hospitals enough for a round a part, or none."""
    if len(stage.idle(*kinds)) < _HOSPITALS:
        raise NoRoomError("hardly any hospital is left")
    return np.array([stage.host(rng, *kinds) for _ in range(_HOSPITALS)])


def _rounds(
    rng: np.random.Generator, people: npt.NDArray[np.int64], span: tuple[int, int], nights: tuple[int, int]
) -> npt.NDArray[np.int64]:
    """Return person, day of admission, nights and number of the stay, one row per stay."""
    rows = []
    for who in people.tolist():
        day, number = span[0] + int(rng.integers(0, 8)), int(rng.integers(0, _HOSPITALS))
        while True:
            stay = int(rng.integers(*nights))
            if day + stay >= span[1]:
                break
            rows.append((who, day, stay, number))
            number += 1 + int(rng.random() < 0.2)
            day += stay + int(rng.integers(*_BETWEEN))
    return np.array(rows, np.int64).reshape(-1, 4).T


def _admit(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    rounds: npt.NDArray[np.int64],
    hospitals: npt.NDArray[np.int64],
    dx1: npt.NDArray[np.int64],
) -> pd.DataFrame:
    """Bill the stays and leave out what the same people are billed meanwhile; return those of whole rounds.

    Who would come to fewer stays or hospitals than make a round has none at all.
    """
    person, day, nights, number = rounds
    visits = stage.visits
    mine = visits[np.isin(visits["person"].to_numpy(), person) & (visits["end"].to_numpy() // DAY >= day.min() - 1)]
    stage.drop(mine["draft"].to_numpy())
    provider = hospitals[number % len(hospitals)]
    start = day * DAY + ((8.5 + 6 * rng.random(len(day))) * HOUR).astype(np.int64)
    doctor = stage.world.places.rota("doctor", provider, day)
    bills = Bills()
    stays = Admissions(person, provider, start, nights, dx1, doctor)
    plant_stays(stage, bills, rng, source, stays, course=Course(template=_wholly_paid(stage, rng, len(day))))
    kept = stage.book.visits_of(stage.add(bills))
    of = kept.groupby("person")
    whole = of["draft"].transform("size").to_numpy() >= _FEWEST_STAYS
    whole &= of["provider"].transform("nunique").to_numpy() >= _HOSPITALS
    stage.drop(kept["draft"].to_numpy()[~whole])
    return kept[whole]


def _wholly_paid(stage: Stage, rng: np.random.Generator, n: int) -> CarePlan:
    """Draw orders of which nothing is left to pay for who is wholly supported: no drug that is listed in part."""
    catalogue = stage.world.catalogue
    shelf = catalogue.group("inpatient")
    shelf = shelf[catalogue.items["in_scope"].to_numpy()[shelf] == WHOLLY_IN_SCOPE]
    order = shelf[np.argsort(rng.random((n, len(shelf))), axis=1)]
    plan = CarePlan.draw(catalogue, rng, n)
    drugs = np.resize(shelf[:1], plan.drugs.shape)
    kept = min(len(shelf), REGIMEN)
    drugs[:, :kept] = order[:, :kept]
    return replace(plan, drugs=drugs, n_drugs=np.minimum(plan.n_drugs, kept))


def plant(stage: Stage, size: str, number: int) -> None:
    """Send some people round three hospitals."""
    rng = stage.rng(_CODE, str(number))
    people = _relieved(stage, rng, _PEOPLE[size])
    hospitals = _hospitals(stage, rng, *_HOSTS)
    span = (int(rng.integers(0, max(1, stage.world.calendar.n_days // 8))), stage.world.calendar.n_days - 3)
    rounds = _rounds(rng, people, span, _NIGHTS)
    groups = stage.world.catalogue.diagnoses["group"].to_numpy()
    illness = np.array([np.flatnonzero(groups == name)[0] for name in rng.choice(_ILLNESSES, len(people))])
    dx1 = illness[np.searchsorted(np.sort(people), rounds[0])]
    kept = _admit(stage, rng, f"{_CODE}/{number}", rounds=rounds, hospitals=hospitals, dx1=dx1)
    if not len(kept):
        raise NoRoomError("the window is too short")
    day = kept["start"].to_numpy() // DAY
    for hospital in np.unique(kept["provider"].to_numpy()).tolist():
        mine = day[kept["provider"].to_numpy() == hospital]
        stage.truth.add_provider(hospital, _CODE, int(mine.min()), int(mine.max()), size)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), day)


def plant_twin(stage: Stage) -> None:
    """Let some people of whom nothing is asked be treated for a cancer in turn at three hospitals."""
    rng = stage.rng(_CODE, "twin")
    people = _relieved(stage, rng, _TWINS)
    hospitals = _hospitals(stage, rng, "secondary", "tertiary", "township")
    rounds = _rounds(rng, people, (0, stage.world.calendar.n_days - 3), _TWIN_NIGHTS)
    dx1 = np.full(rounds.shape[1], int(stage.world.catalogue.diagnoses_of("oncology")[0]))
    kept = _admit(stage, rng, f"{_CODE}/twin", rounds=rounds, hospitals=hospitals, dx1=dx1)
    if not len(kept):
        raise NoRoomError("the window is too short")
    stage.truth.add_twins("patient", np.unique(kept["person"].to_numpy()), _CODE, _DYING)


ROTATING_STAYS = Scheme(_CODE, 800, plant, plant_twin)
