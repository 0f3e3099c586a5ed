"""H30: a clinic copies one bill onto a pile of cards, dozens in an afternoon."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.schemes.parts.consultations import see
from experiments.synthetic.schemes.parts.shelves import unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.parts.consultations import Seen

_CODE = "H30"
_DAYS = {"small": 1, "medium": 4, "large": 10}
_A_DAY = (12, 25)  # cards in one afternoon
_ITEMS = (3, 6)  # beside the consultation
_ALTERED = 0.06  # share of the copies with something else in them, so that they differ
_KINDS = ("clinic", "community")
_SHELVES = ("respiratory", "digestive", "pain")
_TWIN_DAYS, _CHILDREN = 2, 14
_FLU = "flu in one school: the same illness and much the same drugs, in doses by age"


def _cards(stage: Stage, rng: np.random.Generator, clinic: int) -> npt.NDArray[np.int64]:
    adults = stage.idle_adults()
    near = stage.world.people.township[adults] == stage.world.places.providers["township"].to_numpy()[clinic]
    return stage.enlist(rng, adults, int(rng.integers(28, 45)), fewest=3 * _A_DAY[1], weight=0.05 + near)


def _shelf(stage: Stage) -> npt.NDArray[np.int64]:
    catalogue = stage.world.catalogue
    return unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in _SHELVES]))


def _drug(
    stage: Stage, seen: Seen, item: int, *, on: npt.NDArray[np.bool_], place: int, packs: npt.NDArray[np.int64]
) -> None:
    days = (packs * float(stage.world.catalogue.items["days_per_pack"].to_numpy(float)[item])).astype(np.int64)
    seen.charge(item, on, 240 + place, quantity=packs, days=days)


def plant(stage: Stage, size: str, number: int) -> None:
    """Copy one bill onto the cards of a pile on some days."""
    rng = stage.rng(_CODE, str(number))
    clinic = stage.host(rng, *_KINDS)
    cards = _cards(stage, rng, clinic)
    first, last = stage.window(rng)
    days = np.sort(rng.choice(np.arange(first, last), min(_DAYS[size], last - first), replace=False))
    each = [rng.choice(cards, int(rng.integers(*_A_DAY)), replace=False) for _ in days]
    person = np.concatenate(each)
    day = np.repeat(days, [len(part) for part in each])
    turn = np.concatenate([np.arange(len(part)) for part in each])
    n, bills, shelf = len(person), Bills(), _shelf(stage)
    second = (13.5 * HOUR + 220 * turn + rng.integers(0, 60, n)).astype(np.int64)
    dx1 = int(rng.choice(stage.world.catalogue.diagnoses_of("acute")[:3]))
    seen = see(stage, bills, rng, f"{_CODE}/{number}", person=person, provider=clinic, day=day, dx1=dx1, second=second)
    template = rng.choice(shelf, int(rng.integers(*_ITEMS)) + 1, replace=False)
    altered = rng.random(n) < _ALTERED
    for place, item in enumerate(template[:-1].tolist()):
        packs = np.full(n, int(rng.integers(1, 3)))
        _drug(stage, seen, item, on=np.ones(n, bool), place=place, packs=packs)
    _drug(stage, seen, int(template[-1]), on=altered, place=len(template), packs=np.ones(n, np.int64))
    kept = stage.book.visits_of(stage.add(bills))
    if not len(kept):
        raise NoRoomError("no clinic is open on these days")
    when = kept["start"].to_numpy() // DAY
    stage.truth.add_provider(clinic, _CODE, int(when.min()), int(when.max()), size)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), when)


def plant_twin(stage: Stage) -> None:
    """Let the children of one school come to one clinic within days, all with the flu."""
    rng = stage.rng(_CODE, "twin")
    clinic = stage.host(rng, *_KINDS)
    people, calendar = stage.world.people, stage.world.calendar
    near = people.township == stage.world.places.providers["township"].to_numpy()[clinic]
    children = rng.permutation(stage.idle_people(7, 14))
    children = children[np.argsort(~near[children], kind="stable")][: _TWIN_DAYS * _CHILDREN]
    stage.busy_persons.update(children.tolist())
    n, bills, catalogue = len(children), Bills(), stage.world.catalogue
    begin = int(rng.integers(2, max(3, min(60, calendar.n_days - _TWIN_DAYS - 1))))
    day = begin + np.arange(n) % _TWIN_DAYS
    shelf = _shelf(stage)
    shelf = shelf[np.isin(shelf, catalogue.group("respiratory"))]
    usual = rng.choice(shelf, 5, replace=False)
    dx1 = int(catalogue.diagnoses_of("acute")[3])
    seen = see(stage, bills, rng, f"{_CODE}/twin", person=children, provider=clinic, day=day, dx1=dx1)
    for place, item in enumerate(usual.tolist()):
        packs = 1 + (people.age[children] > 10) * (rng.random(n) < 0.6)
        given = rng.random(n) < (0.95, 0.85, 0.7, 0.5, 0.3)[place]
        _drug(stage, seen, item, on=given, place=place, packs=packs.astype(np.int64))
    stage.add(bills)
    stage.truth.add_twins("provider", [clinic], _CODE, _FLU)


TEMPLATE_CLAIMS = Scheme(_CODE, 800, plant, plant_twin)
