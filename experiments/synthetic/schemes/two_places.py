"""P05: one credential is used at two places between which nobody could travel in the time.

The holder buys at one of them; the purchase with the copy, some minutes later at the other, is guilty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import PHARMACY, Bills
from experiments.synthetic.schemes.parts.shelves import unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.geography import on_a_plane

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "P05"
_CARDS = {"small": 3, "medium": 10, "large": 30}
_TIMES = (2, 6)  # days on which a card is used twice
_APART_KM, _WITHIN = 22.0, (120, 480)  # kilometres at the least, seconds between
_SHELVES = ("heart", "digestive", "otc")
_EMPLOYEE = 0
_TWINS = 8
_PROXY = "a relative registered as proxy buys at home while the patient is elsewhere"


def _far_pairs(stage: Stage) -> npt.NDArray[np.int64]:
    """Return pairs of idle pharmacies of different owners, so far apart that the ride takes half an hour."""
    idle = stage.idle("pharmacy")
    places = stage.world.places.providers
    east, north = on_a_plane(places["longitude"].to_numpy()[idle], places["latitude"].to_numpy()[idle])
    apart = np.hypot(east[:, None] - east[None, :], north[:, None] - north[None, :])
    chain = places["group_id"].to_numpy()[idle]
    one, two = np.nonzero((apart > _APART_KM) & ((chain[:, None] != chain[None, :]) | (chain[:, None] == "")))
    if not len(one):
        raise NoRoomError("no two pharmacies lie far apart")
    return np.stack([idle[one], idle[two]], axis=1)


def _use_twice(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    people: npt.NDArray[np.int64],
    *,
    span: tuple[int, int],
    proxy: bool,
) -> npt.NDArray[np.int64]:
    """Buy at two far places within minutes, on some days; return the later drafts of pairs of which both stand."""
    world, bills, catalogue = stage.world, Bills(), stage.world.catalogue
    pairs = _far_pairs(stage)
    person = np.repeat(people, rng.integers(*_TIMES, len(people)))
    n = len(person)
    pair = pairs[rng.integers(0, len(pairs), n)]
    day = rng.integers(span[0], span[1] + 1, n)
    time = day * DAY + world.calendar.draw_seconds(rng, n, "pharmacy")
    shelf = unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in _SHELVES]))
    drafts = []
    for place, later in enumerate((np.zeros(n, np.int64), rng.integers(*_WITHIN, n))):
        draft = bills.open(
            f"{source}/{place}",
            n,
            person=person,
            provider=pair[:, place],
            encounter=PHARMACY,
            start=time + later,
            end=time + later,
            settle=time + later + 12,
            is_proxy=proxy and place == 1,
        )
        bills.charge(draft, shelf[rng.integers(0, len(shelf), n)], time + later, quantity=rng.integers(1, 4, n))
        drafts.append(draft)
    kept = np.isin(np.stack(drafts), stage.add(bills))
    later_of_both: npt.NDArray[np.int64] = drafts[1][kept.all(axis=0)]
    return later_of_both


def _people(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw employees: a credential worth a copy has an account of its own."""
    adults = stage.idle_adults()
    adults = adults[stage.world.people.insurance[adults] == _EMPLOYEE]
    return stage.enlist(rng, adults, n, fewest=2 * n)


def plant(stage: Stage, size: str, number: int) -> None:
    """Let copied credentials be used at two places at once."""
    rng = stage.rng(_CODE, str(number))
    people = _people(stage, rng, _CARDS[size])
    drafts = _use_twice(stage, rng, f"{_CODE}/{number}", people, span=stage.window(rng), proxy=False)
    if not len(drafts):
        raise NoRoomError("no card could be used twice")
    kept = stage.book.visits_of(drafts)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), kept["start"].to_numpy() // DAY)


def plant_twin(stage: Stage) -> None:
    """Let relatives buy for people who are elsewhere, as registered proxies."""
    rng = stage.rng(_CODE, "twin")
    people = _people(stage, rng, _TWINS)
    span = (0, stage.world.calendar.n_days - 1)
    _use_twice(stage, rng, f"{_CODE}/proxy", people, span=span, proxy=True)
    stage.truth.add_twins("patient", people, _CODE, _PROXY)


TWO_PLACES = Scheme(_CODE, 800, plant, plant_twin)
