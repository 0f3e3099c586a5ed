"""P11: families go on fetching drugs with the cards of their dead."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, Bills
from experiments.synthetic.schemes.parts.consultations import see
from experiments.synthetic.schemes.parts.shelves import largest_fill
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "P11"
_CARDS = {"small": 2, "medium": 5, "large": 15}
_ILLNESSES = ("hypertension", "diabetes", "heart", "copd")
_LAST_DEATH = 0.65  # of the window, so that there is time to go on
_PAUSE = (12, 32)  # days from one fill to the next
_BEGINS = (3, 25)  # days after the death
_GIVES_UP = 0.12  # chance after each fill
_TWINS, _POSTED = 8, (8, 40)
_LATE_PAPERS = "died in hospital; the stay was settled weeks later, all of its days lie before the death"


def _cards(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw people with one of the illnesses who die early in the window and whose practitioner plays no part."""
    people = stage.world.people
    fit = (people.death_day > 0) & (people.death_day < _LAST_DEATH * stage.world.calendar.n_days) & (people.age >= 40)
    fit &= people.conditions[:, : len(_ILLNESSES)].any(axis=1)
    fit &= ~np.isin(stage.world.usual["gp"], sorted(stage.busy))
    fit[sorted(stage.busy_persons)] = False
    dead = rng.permutation(np.flatnonzero(fit))[:n]
    if not len(dead):
        raise NoRoomError("nobody dies early enough")
    stage.busy_persons.update(dead.tolist())
    return dead


def _fills(
    stage: Stage, rng: np.random.Generator, cards: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return card and day of each fill."""
    rows = []
    for who in cards.tolist():
        day = int(stage.world.people.death_day[who]) + int(rng.integers(*_BEGINS))
        while day < stage.world.calendar.n_days - 1:
            rows.append((who, day))
            if rng.random() < _GIVES_UP:
                break
            day += int(rng.integers(*_PAUSE))
    person, day_of = np.array(rows, np.int64).reshape(-1, 2).T
    return person, day_of


def plant(stage: Stage, size: str, number: int) -> None:
    """Let some families go on fetching drugs for the illness of the dead."""
    rng = stage.rng(_CODE, str(number))
    world, catalogue = stage.world, stage.world.catalogue
    cards = _cards(stage, rng, _CARDS[size])
    person, day = _fills(stage, rng, cards)
    illness = np.argmax(world.people.conditions[person][:, : len(_ILLNESSES)], axis=1)
    groups = catalogue.diagnoses["group"].to_numpy()
    dx1 = np.array([np.flatnonzero(groups == name)[0] for name in _ILLNESSES])[illness]
    bills, most = Bills(), largest_fill(catalogue)
    provider = world.usual["gp"][person]
    source = f"{_CODE}/{number}"
    seen = see(stage, bills, rng, source, person=person, provider=provider, day=day, dx1=dx1, encounter=CHRONIC)
    for place in range(2):
        drug = np.empty(len(person), np.int64)
        for kind, name in enumerate(_ILLNESSES):
            shelf = catalogue.group(name)
            drug[illness == kind] = shelf[(person[illness == kind] * 2 + place) % len(shelf)]
        packs = np.minimum(rng.integers(1, 4, len(person)), most[drug]).astype(np.int64)
        days = (packs * catalogue.items["days_per_pack"].to_numpy(float)[drug]).astype(np.int64)
        seen.charge(drug, rng.random(len(person)) < (1.0, 0.5)[place], 900 + place, quantity=packs, days=days)
    kept = stage.book.visits_of(stage.add(bills, even_dead=True))
    if not len(kept):
        raise NoRoomError("nobody dies early enough")
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), kept["start"].to_numpy() // DAY)


def plant_twin(stage: Stage) -> None:
    """Settle the last stays of some of the dead weeks after their deaths."""
    rng = stage.rng(_CODE, "twin")
    visits = stage.visits
    fit = visits["is_dead"].to_numpy(bool) & (visits["reverses"].to_numpy() < 0)
    fit &= visits["settle"].to_numpy() + (_POSTED[1] + 1) * DAY < stage.world.calendar.end
    fit &= ~np.isin(visits["person"].to_numpy(), sorted(stage.busy_persons))
    fit &= ~np.isin(visits["draft"].to_numpy(), visits["same_encounter_as"].to_numpy())
    late = visits[fit].head(_TWINS)
    if not len(late):
        raise NoRoomError("nobody dies in hospital early enough")
    stage.revise(visits=late.assign(settle=late["settle"].to_numpy() + rng.integers(*_POSTED, len(late)) * DAY))
    stage.busy_persons.update(late["person"].tolist())
    stage.truth.add_twins("patient", late["person"].tolist(), _CODE, _LATE_PAPERS)


AFTER_DEATH = Scheme(_CODE, 800, plant, plant_twin)
