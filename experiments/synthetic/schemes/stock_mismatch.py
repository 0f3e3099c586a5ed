"""H39: more is billed than ever came in: the cards are run, other goods or nothing go over the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.goods.stock import reports_stock
from experiments.synthetic.schemes.parts.counter import Sales, customers, lines_sold, opening_seconds, sell, shelf_of
from experiments.synthetic.schemes.parts.rhythm import returning
from experiments.synthetic.schemes.parts.shelves import largest_fill
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "H39"
_ITEMS = {"small": 1, "medium": 3, "large": 10}
_OVER_PURCHASES = (1.6, 3.0)  # insured sales over purchases
_OF_SALES = 1.25  # purchases over honest insured sales: others buy too, the shelf is refilled
_BASE = (6, 14)  # boxes of an item that the shop really sells meanwhile, at the least
_NO_BOX = (0.6, 1.0)  # share of these bills without a scan
_LEAST = 1_500  # cents a box
_PIECES = 4  # a box worth selling by the piece has so many at least
_PIECE_ITEMS, _PIECE_SALES = 3, 40
_BY_THE_PIECE = "bills count pieces, books count boxes: purchased boxes times pieces a box cover what was sold"


def _reporting(stage: Stage, *kinds: str) -> npt.NDArray[np.int64]:
    among = stage.world.places.of_kind(*kinds)
    told: npt.NDArray[np.int64] = among[reports_stock(stage.world)[among]]
    return told


def _sold_by(stage: Stage, provider: int, span: tuple[int, int] | None = None) -> pd.Series:
    """Boxes of each item that a provider sold, between two days if given."""
    visits = stage.visits
    lines = stage.lines(visits["draft"].to_numpy()[visits["provider"].to_numpy() == provider])
    if span is not None:
        lines = lines[(lines["time"] // DAY).between(*span)]
    return lines.groupby("item")["quantity"].sum()


def _spread(items: npt.NDArray[np.int64], boxes: npt.NDArray[np.float64], *, real: bool) -> npt.NDArray[np.int64]:
    """Return item and whether it is handed over for visits that bill two boxes each, about."""
    each = np.ceil(boxes / 2).astype(np.int64)
    return np.column_stack([np.repeat(items, each), np.full(int(each.sum()), int(real))])


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant the empty boxes of one shop or clinic."""
    rng = stage.rng(_CODE, str(number))
    host = stage.host(rng, "pharmacy", "clinic", among=_reporting(stage, "pharmacy", "clinic"))
    span = stage.window(rng)
    shelf = shelf_of(stage, host, least_cents=_LEAST)
    usual = _sold_by(stage, host).reindex(shelf, fill_value=0).to_numpy()
    well_known = shelf[np.argsort(-usual, kind="stable")][: 2 * _ITEMS[size] + 2]  # nobody wonders at what sells anyway
    items = rng.choice(well_known, _ITEMS[size], replace=False)
    honest = _sold_by(stage, host, span).reindex(items, fill_value=0).clip(lower=0).to_numpy()
    base = np.maximum(honest, rng.integers(*_BASE, len(items)))
    empty = (rng.uniform(*_OVER_PURCHASES, len(items)) * _OF_SALES - 1) * base
    visits = rng.permutation(np.r_[_spread(items, base - honest, real=True), _spread(items, empty, real=False)])
    item, real = visits[:, 0], visits[:, 1] > 0
    people = customers(stage, rng, host, 8 + len(item) // 4)
    person, day = returning(rng, people, len(item), span)
    time = day * DAY + opening_seconds(stage, rng, host, len(item))
    packs = rng.choice((1, 2, 3), len(item), p=(0.25, 0.5, 0.25))
    draft = sell(stage, rng, f"{_CODE}/{number}", Sales(person, time, item, packs), provider=host, beside=0.2)
    uid = lines_sold(stage, draft, item)
    held = (uid >= 0) & ~real
    if not held.any():
        raise NoRoomError("no card could be run")
    stage.goods.unsupplied(uid[held])
    stage.goods.unscanned(uid[held & (rng.random(len(uid)) < rng.uniform(*_NO_BOX))])
    day = time[held] // DAY
    stage.truth.add_provider(host, _CODE, int(day.min()), int(day.max()), size)
    stage.truth.add_patients(_CODE, person[held], day)
    stage.truth.add_lines(_CODE, draft[held], uid[held])


def plant_twin(stage: Stage) -> None:
    """Let a shop bill granules and plasters by the piece while its books count boxes."""
    rng = stage.rng(_CODE, "twin")
    shop = stage.host(rng, "pharmacy", among=_reporting(stage, "pharmacy"))
    catalogue = stage.world.catalogue
    pieces = np.nan_to_num(catalogue.items["units_per_pack"].to_numpy(float), nan=1).astype(np.int64)
    shelf, most = shelf_of(stage, shop), largest_fill(catalogue)
    visits = stage.visits
    lines = stage.lines(visits["draft"].to_numpy()[visits["provider"].to_numpy() == shop])
    highest = lines.groupby("item")["quantity"].max().reindex(shelf, fill_value=1).to_numpy()
    shelf = shelf[(pieces[shelf] >= _PIECES) & (np.maximum(highest, 1) * pieces[shelf] <= most[shelf])]
    items = rng.choice(shelf, min(_PIECE_ITEMS, len(shelf)), replace=False)
    if not len(items):
        raise NoRoomError("the shop sells nothing by the piece")
    factor = float(stage.world.places.providers["price_factor"].to_numpy()[shop])
    cents = np.rint(catalogue.items["price_cents"].to_numpy() * factor / np.maximum(pieces, 1)).astype(np.int64)
    _count_pieces(stage, lines, items, pieces, cents)
    people = customers(stage, rng, shop, _PIECE_SALES // 2)
    item = rng.choice(items, _PIECE_SALES)
    person, day = returning(rng, people, _PIECE_SALES, (0, stage.world.calendar.n_days - 2))
    time = day * DAY + opening_seconds(stage, rng, shop, _PIECE_SALES)
    twice = (2 * pieces[item] <= most[item]) & (rng.random(_PIECE_SALES) < 0.3)
    packs = pieces[item] * (1 + twice)
    sales = Sales(person, time, item, packs, price=np.maximum(1, cents[item]))
    sell(stage, rng, f"{_CODE}/by the piece", sales, provider=shop)
    stage.goods.booked_in(shop, items, pieces[items])
    stage.truth.add_twins("provider", [shop], _CODE, _BY_THE_PIECE)


def _count_pieces(
    stage: Stage,
    lines: pd.DataFrame,
    items: npt.NDArray[np.int64],
    pieces: npt.NDArray[np.int64],
    cents: npt.NDArray[np.int64],
) -> None:
    """Rewrite what the shop sold of these items, refunds too, from boxes to pieces."""
    mine = np.isin(lines["item"].to_numpy(), items)
    every = lines[np.isin(lines["draft"].to_numpy(), lines["draft"].to_numpy()[mine])]
    item = every["item"].to_numpy()
    changed = np.isin(item, items)
    if not changed.any():
        return
    quantity = np.where(changed, every["quantity"].to_numpy() * pieces[item], every["quantity"].to_numpy())
    price = np.where(changed, np.maximum(1, cents[item]), every["price"].to_numpy())
    stage.revise(lines=every.assign(quantity=quantity, price=price))


STOCK_MISMATCH = Scheme(_CODE, 400, plant, plant_twin)
