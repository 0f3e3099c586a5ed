"""T14: a shop asks far more for a few drugs than it used to, for some weeks, while all others keep their price.

A third more than its list price is above a pharmacy's ceiling as a rule; the truth names such lines H09 too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.schemes.parts.ceilings import ceilings
from experiments.synthetic.schemes.parts.counter import (
    Sales,
    customers,
    lines_sold,
    opening_seconds,
    sell,
    shelf_of,
)
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.prices import list_prices

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE, _ABOVE_CEILING = "T14", "H09"
_DRUGS = {"small": 1, "medium": 3, "large": 7}
_A_WEEK = (3, 6)  # sales of each of them
_BEFORE, _LASTS = (0.3, 0.5), (14, 40)  # share of the window before the rise; days that it lasts
_DEARER = (1.35, 1.9)
_LEAST = 1_500  # cents a box
_PROMOTION = (0.78, 0.9)
_OFFER = "an offer has ended: the shop asks its list price again, as all others do"


def _days(stage: Stage, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """Draw the days on which one drug is sold."""
    n_days = stage.world.calendar.n_days
    n = int(n_days / 7 * rng.integers(*_A_WEEK))
    return np.sort(rng.integers(0, n_days, n))


def _sold(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    shop: int,
    item: int,
    factor: npt.NDArray[np.float64],
    day: npt.NDArray[np.int64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], int]:
    """Sell one drug at so many times its list price; return draft, uid and that price."""
    n = len(day)
    usual = int(list_prices(stage.world, np.array([shop]), np.array([item]))[0])
    people = customers(stage, rng, shop, max(8, n // 3))
    time = day * DAY + opening_seconds(stage, rng, shop, n)
    items, price = np.full(n, item), np.rint(usual * factor).astype(np.int64)
    sales = Sales(rng.choice(people, n), time, items, rng.integers(1, 3, n), price)
    draft = sell(stage, rng, source, sales, provider=shop, beside=0.3)
    return draft, lines_sold(stage, draft, items), usual


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one shop raise the price of some drugs that it sells often."""
    rng = stage.rng(_CODE, str(number))
    shop = stage.host(rng, "pharmacy")
    shelf = shelf_of(stage, shop, least_cents=_LEAST)
    first, last, too_dear = stage.world.calendar.n_days, 0, list[int]()
    for place, item in enumerate(rng.choice(shelf, _DRUGS[size], replace=False).tolist()):
        day = _days(stage, rng)
        begin = int(stage.world.calendar.n_days * rng.uniform(*_BEFORE))
        dear = (day >= begin) & (day < begin + int(rng.integers(*_LASTS)))
        factor = np.where(dear, rng.uniform(*_DEARER), 1.0)
        draft, uid, usual = _sold(
            stage, rng, f"{_CODE}/{number}/{place}", shop=shop, item=int(item), factor=factor, day=day
        )
        on = dear & (uid >= 0)
        if not on.any():
            continue
        asked = np.rint(usual * factor[on]).astype(np.int64)
        stage.truth.add_lines(_CODE, draft[on], uid[on], part=asked - usual, whole=asked)
        first, last = min(first, int(day[on].min())), max(last, int(day[on].max()))
        most = ceilings(stage.world, shop, np.full(len(asked), item), day[on])
        above = asked > most
        stage.truth.add_lines(
            _ABOVE_CEILING, draft[on][above], uid[on][above], part=(asked - most)[above], whole=asked[above]
        )
        too_dear += day[on][above].tolist()
    if first > last:
        raise NoRoomError("hardly anyone buys at the shop")
    stage.truth.add_provider(shop, _CODE, first, last, size)
    if too_dear:
        stage.truth.add_provider(shop, _ABOVE_CEILING, min(too_dear), max(too_dear), size)


def plant_twin(stage: Stage) -> None:
    """Let one shop end an offer."""
    rng = stage.rng(_CODE, "twin")
    shop = stage.host(rng, "pharmacy")
    for place, item in enumerate(rng.choice(shelf_of(stage, shop, least_cents=_LEAST), 3, replace=False).tolist()):
        day = _days(stage, rng)
        ends = int(stage.world.calendar.n_days * rng.uniform(*_BEFORE))
        factor = np.where(day < ends, rng.uniform(*_PROMOTION), 1.0)
        _sold(stage, rng, f"{_CODE}/twin/{place}", shop=shop, item=int(item), factor=factor, day=day)
    stage.truth.add_twins("provider", [shop], _CODE, _OFFER)


PRICE_SPIKES = Scheme(_CODE, 800, plant, plant_twin)
