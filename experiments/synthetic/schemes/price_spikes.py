"""T14: a shop asks far more for a few drugs than it used to, for some weeks, while all others keep their price.

A third more than its list price is above a pharmacy's ceiling as a rule; the truth names such lines H09 too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import PHARMACY
from experiments.synthetic.schemes.parts.ceilings import ceilings
from experiments.synthetic.schemes.parts.counter import (
    Sales,
    customers,
    opening_seconds,
    sell,
    shelf_of,
)
from experiments.synthetic.schemes.parts.standing import counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.prices import list_prices

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

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
    day: npt.NDArray[np.int64],
) -> int:
    """Sell one drug at its list price on so many days; return that price."""
    n = len(day)
    usual = int(list_prices(stage.world, np.array([shop]), np.array([item]))[0])
    people = customers(stage, rng, shop, max(8, n // 3))
    time = day * DAY + opening_seconds(stage, rng, shop, n)
    sales = Sales(rng.choice(people, n), time, np.full(n, item), rng.integers(1, 3, n), usual)
    sell(stage, rng, source, sales, provider=shop, beside=0.3)
    return usual


def _ask(stage: Stage, shop: int, item: int, span: tuple[int, int], price: int) -> pd.DataFrame:
    """Let everybody who buys one drug in a span of days, alone or beside another, pay one price; return the lines."""
    sold = counted(stage, standing(stage, shop, span, PHARMACY))
    sold = sold[sold["item"].to_numpy() == item]
    lines = stage.lines(np.unique(sold["draft"].to_numpy()))
    asked = np.where(np.isin(lines["uid"].to_numpy(), sold["uid"].to_numpy()), price, lines["price"].to_numpy())
    stage.revise(lines=lines.assign(price=asked))
    return sold


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one shop raise the price of some drugs that it sells often."""
    rng = stage.rng(_CODE, str(number))
    shop = stage.host(rng, "pharmacy")
    shelf = shelf_of(stage, shop, least_cents=_LEAST)
    raises = []
    for place, item in enumerate(rng.choice(shelf, _DRUGS[size], replace=False).tolist()):
        day = _days(stage, rng)
        begin = int(stage.world.calendar.n_days * rng.uniform(*_BEFORE))
        lasts, dearer = int(rng.integers(*_LASTS)), rng.uniform(*_DEARER)
        usual = _sold(stage, rng, f"{_CODE}/{number}/{place}", shop=shop, item=int(item), day=day)
        raises.append((int(item), (begin, begin + lasts - 1), usual, int(np.rint(usual * dearer))))
    first, last, too_dear = stage.world.calendar.n_days, 0, list[int]()
    for item, span, usual, price in raises:
        sold = _ask(stage, shop, item, span, price)
        if sold.empty:
            continue
        draft, uid, on = (sold["draft"].to_numpy(), sold["uid"].to_numpy(), sold["time"].to_numpy() // DAY)
        asked = np.full(len(on), price)
        stage.truth.add_lines(_CODE, draft, uid, part=asked - usual, whole=asked)
        first, last = min(first, int(on.min())), max(last, int(on.max()))
        most = ceilings(stage.world, shop, np.full(len(asked), item), on)
        above = asked > most
        stage.truth.add_lines(_ABOVE_CEILING, draft[above], uid[above], part=(asked - most)[above], whole=asked[above])
        too_dear += on[above].tolist()
    if first > last:
        raise NoRoomError("hardly anyone buys at the shop")
    stage.truth.add_provider(shop, _CODE, first, last, size)
    if too_dear:
        stage.truth.add_provider(shop, _ABOVE_CEILING, min(too_dear), max(too_dear), size)


def plant_twin(stage: Stage) -> None:
    """Let one shop end an offer."""
    rng = stage.rng(_CODE, "twin")
    shop = stage.host(rng, "pharmacy")
    offers = []
    for place, item in enumerate(rng.choice(shelf_of(stage, shop, least_cents=_LEAST), 3, replace=False).tolist()):
        day = _days(stage, rng)
        ends = int(stage.world.calendar.n_days * rng.uniform(*_BEFORE))
        offer = rng.uniform(*_PROMOTION)
        usual = _sold(stage, rng, f"{_CODE}/twin/{place}", shop=shop, item=int(item), day=day)
        offers.append((int(item), (0, ends - 1), int(np.rint(usual * offer))))
    for item, span, price in offers:
        _ask(stage, shop, item, span, price)
    stage.truth.add_twins("provider", [shop], _CODE, _OFFER)


PRICE_SPIKES = Scheme(_CODE, 800, plant, plant_twin)
