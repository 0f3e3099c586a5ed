"""P06: someone holds the cards of others and runs them through one till, one after the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import PHARMACY, Bills
from experiments.synthetic.schemes.parts.shelves import unbound
from experiments.synthetic.schemes.scheme import Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "P06"
_CLUSTERS = {"small": 1, "medium": 3, "large": 8}  # bundles of cards run at one shop
_SHELVES = ("premium", "heart", "diabetes", "otc")
_DEAREST = 120  # yuan a pack: a basket stays below what a till asks about
_CARER = "the carer of a care home buys for its residents as their registered proxy"


def _runs(
    rng: np.random.Generator, cards: npt.NDArray[np.int64], span: tuple[int, int], late: float
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return person, time and run of every purchase: weekly, cards seconds to two minutes apart."""
    first, last = span
    weekday = int(rng.integers(0, 7))
    days = np.arange(first + (weekday - first) % 7, last + 1, 7)
    days = days[rng.random(len(days)) < 0.85] + rng.integers(-1, 2, 1)
    person, time, run = [], [], []
    for number, day in enumerate(np.clip(days, first, last).tolist()):
        present = np.sort(rng.permutation(cards)[: max(5, len(cards) - int(rng.integers(0, 2)))])
        present = rng.permutation(present)
        room = 600 / len(present)  # all within ten minutes
        gaps = rng.uniform(15, max(20.0, room - 4), len(present)).astype(np.int64)
        begin = day * DAY + int(late * HOUR) + int(rng.integers(0, 2 * HOUR))
        person.append(present)
        time.append(begin + np.cumsum(gaps))
        run.append(np.full(len(present), number))
    empty = np.zeros(0, np.int64)
    return (
        np.concatenate(person) if person else empty,
        np.concatenate(time) if time else empty,
        np.concatenate(run) if run else empty,
    )


def _bundle(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    shop: int,
    cards: npt.NDArray[np.int64],
    span: tuple[int, int],
    is_proxy: bool,
    hour: float,
) -> npt.NDArray[np.int64]:
    bills, catalogue = Bills(), stage.world.catalogue
    person, time, run = _runs(rng, cards, span, late=hour)
    n, n_runs = len(person), int(run.max()) + 1 if len(run) else 0
    draft = bills.open(
        source,
        n,
        person=person,
        provider=shop,
        encounter=PHARMACY,
        start=time,
        end=time,
        settle=time,
        is_proxy=is_proxy,
        terminal=int(rng.integers(0, stage.world.places.providers["n_terminals"].to_numpy()[shop])),
    )
    # One basket for all cards: what is bound to an illness or an insurance would be stopped at the till.
    shelf = unbound(catalogue, np.concatenate([catalogue.group(name) for name in _SHELVES]))
    shelf = shelf[catalogue.items["price"].to_numpy()[shelf] < _DEAREST]
    usual = rng.choice(shelf, 4, replace=False)
    n_items = rng.integers(2, 5, n_runs)
    packs = rng.integers(1, 3, (n_runs, 4))
    swapped = rng.choice(shelf, n_runs)
    for j in range(4):
        on = n_items[run] > j
        item = np.where((j == 0) & (rng.random(n_runs) < 0.3) & ~np.isin(swapped, usual), swapped, usual[j])[run]
        bills.charge(draft[on], item[on], time[on] - 5, quantity=packs[run, j][on])
    return stage.add(bills)


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant the card holders of one shop."""
    rng = stage.rng(_CODE, str(number))
    shop = stage.host(rng, "pharmacy")
    shop_seat = stage.world.places.providers["township"].to_numpy()[shop]
    drafts = []
    for cluster in range(_CLUSTERS[size]):
        adults = stage.idle_adults()
        home = stage.world.people.township[adults]
        weight = np.where(home == shop_seat, 4.0, 1.0) * (1 + (stage.world.people.age[adults] > 60))
        cards = np.sort(rng.choice(adults, int(rng.integers(6, 13)), replace=False, p=weight / weight.sum()))
        stage.busy_persons.update(cards.tolist())
        span = stage.window(rng)
        source = f"P06/{number}/{cluster}"
        drafts.append(
            _bundle(
                stage, rng, source, shop=shop, cards=cards, span=span, is_proxy=False, hour=float(rng.uniform(9, 18))
            )
        )
    draft = np.concatenate(drafts)
    visits = stage.visits[stage.visits["draft"].isin(draft)]
    day = visits["start"].to_numpy() // DAY
    if not len(day):
        return
    stage.truth.add_provider(shop, _CODE, int(day.min()), int(day.max()), size)
    stage.truth.add_settlements(_CODE, visits["draft"].to_numpy())
    stage.truth.add_patients(_CODE, visits["person"].to_numpy(), day)


def plant_twin(stage: Stage) -> None:
    """Let the carer of a care home buy for its residents, as their registered proxy, at one shop."""
    rng = stage.rng(_CODE, "twin")
    shop = stage.host(rng, "pharmacy")
    people = stage.world.people
    old = stage.idle_adults()
    old = old[people.age[old] >= 70]
    residents = np.sort(rng.choice(old, min(10, len(old)), replace=False))
    stage.busy_persons.update(residents.tolist())
    stage.household[residents] = int(stage.household.max()) + 1
    span = (0, stage.world.calendar.n_days - 2)
    _bundle(stage, rng, "care home", shop=shop, cards=residents, span=span, is_proxy=True, hour=9.5)
    stage.truth.add_twins("provider", [shop], _CODE, _CARER)
    stage.truth.add_twins("patient", residents, _CODE, _CARER)


CARD_BUNDLING = Scheme(_CODE, 400, plant, plant_twin)
