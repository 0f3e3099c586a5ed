"""P04: buyers for dealers fetch one drug from provider after provider while they have weeks of it in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import Bills
from experiments.synthetic.schemes.parts.consultations import see
from experiments.synthetic.schemes.parts.shelves import largest_fill, unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "P04"
_PEOPLE = {"small": 3, "medium": 10, "large": 30}
_KINDS = ("clinic", "community", "township", "secondary")
_PLACES = (5, 9)  # providers that a buyer goes round
_FILLS = (10, 20)
_SHELVES = ("heart", "premium", "digestive")
_LEAST_CENTS, _LEAST_DAYS = 1_800, 14
_TWIN_PEOPLE = 8
_IN_TURN = "has one drug from three providers in turn, each time when the last fill was used up"


def _shelf(stage: Stage) -> npt.NDArray[np.int64]:
    """Return drugs that last two weeks a pack or longer, and that any adult may have."""
    catalogue = stage.world.catalogue
    shelf = unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in _SHELVES]))
    items = catalogue.items
    fit = (items["price_cents"].to_numpy()[shelf] >= _LEAST_CENTS) & (
        items["days_per_pack"].to_numpy(float)[shelf] >= _LEAST_DAYS
    )
    fitting: npt.NDArray[np.int64] = shelf[fit]
    return fitting


def _buyers(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    return stage.enlist(rng, stage.idle_adults(), n, fewest=2 * n)


def _near(stage: Stage, rng: np.random.Generator, person: int, n: int) -> npt.NDArray[np.int64]:
    """Draw providers of a person's region that play no part."""
    idle = stage.idle(*_KINDS)
    world = stage.world
    region = world.geography.townships["region"].to_numpy()[world.people.township[person]]
    near = idle[world.places.providers["region"].to_numpy()[idle] == region]
    near = near if len(near) >= n else idle
    drawn: npt.NDArray[np.int64] = rng.choice(near, min(n, len(near)), replace=False)
    return drawn


def _fetch(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    person: npt.NDArray[np.int64],
    provider: npt.NDArray[np.int64],
    day: npt.NDArray[np.int64],
    drug: npt.NDArray[np.int64],
    packs: npt.NDArray[np.int64],
) -> npt.NDArray[np.int64]:
    """Bill one fill a visit; return the drafts that stand."""
    catalogue, bills = stage.world.catalogue, Bills()
    acute = catalogue.diagnoses_of("acute")[[4, 5]]
    dx1 = acute[rng.integers(0, 2, len(person))]
    seen = see(stage, bills, rng, source, person=person, provider=provider, day=day, dx1=dx1)
    packs = np.minimum(packs, largest_fill(catalogue)[drug]).astype(np.int64)
    days = (packs * catalogue.items["days_per_pack"].to_numpy(float)[drug]).astype(np.int64)
    seen.charge(drug, on=True, later=1_500, quantity=packs, days=days)
    return stage.add(bills)


def plant(stage: Stage, size: str, number: int) -> None:
    """Send buyers round."""
    rng = stage.rng(_CODE, str(number))
    people, shelf = _buyers(stage, rng, _PEOPLE[size]), _shelf(stage)
    first, last = stage.window(rng)
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    for who in people.tolist():
        places = _near(stage, rng, who, int(rng.integers(*_PLACES)))
        n = min(int(rng.integers(*_FILLS)), (last - first) // 3)
        if len(places) < 3 or n < 4:
            raise NoRoomError("hardly any provider is left")
        begin = int(rng.integers(first, max(first + 1, last - 5 * n)))
        day = begin + np.cumsum(rng.integers(2, 6, n))
        turn = np.arange(n) + rng.integers(0, len(places))
        drug = np.full(n, rng.choice(shelf))
        parts.append((np.full(n, who), places[turn % len(places)], day, drug, rng.integers(2, 4, n)))
    person, provider, day, drug, packs = (np.concatenate(column) for column in zip(*parts, strict=True))
    held = day < stage.world.calendar.n_days
    columns = {"person": person, "provider": provider, "day": day, "drug": drug, "packs": packs}
    columns = {name: column[held] for name, column in columns.items()}
    kept = stage.book.visits_of(_fetch(stage, rng, f"{_CODE}/{number}", **columns))
    later = kept.sort_values(["person", "start"])
    later = later[later.duplicated("person", keep="first").to_numpy()]
    lines = stage.lines(later["draft"].to_numpy())
    lines = lines[np.isin(lines["item"].to_numpy(), shelf)]
    stage.truth.add_lines(_CODE, lines["draft"].to_numpy(), lines["uid"].to_numpy())
    stage.truth.add_patients(_CODE, later["person"].to_numpy(), later["start"].to_numpy() // DAY)


def plant_twin(stage: Stage) -> None:
    """Let some people change their provider, each time when the drug is used up."""
    rng = stage.rng(_CODE, "twin")
    people, shelf = _buyers(stage, rng, _TWIN_PEOPLE), _shelf(stage)
    parts: list[tuple[npt.NDArray[np.int64], ...]] = []
    days = stage.world.catalogue.items["days_per_pack"].to_numpy(float)
    for who in people.tolist():
        places, drug = _near(stage, rng, who, 3), int(rng.choice(shelf))
        gap = int(days[drug]) + 1
        day = np.arange(int(rng.integers(0, 20)), stage.world.calendar.n_days - 1, gap)
        n = len(day)
        parts.append((np.full(n, who), places[np.arange(n) % len(places)], day, np.full(n, drug), np.ones(n, np.int64)))
    columns = [np.concatenate(column) for column in zip(*parts, strict=True)]
    names = ("person", "provider", "day", "drug", "packs")
    _fetch(stage, rng, f"{_CODE}/in turn", **dict(zip(names, columns, strict=True)))
    stage.truth.add_twins("patient", people, _CODE, _IN_TURN)


DRUG_SHOPPING = Scheme(_CODE, 800, plant, plant_twin)
