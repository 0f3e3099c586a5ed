"""Stock books of pharmacies and clinics: what came in, what lay there at either end of the month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from experiments.synthetic import arrow
from experiments.synthetic.goods.boxes import sold_boxes
from experiments.synthetic.randomness import uniform

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.goods.goods import Goods
    from experiments.synthetic.identity import Identity
    from experiments.synthetic.world.world import World

_REPORTING = {"pharmacy": 1.0, "dual_channel": 1.0, "clinic": 0.7}  # share of a kind that reports its stock
_UNINSURED = (0.05, 0.4)  # sold to people who pay themselves, over insured sales
_COVER = (0.5, 1.6)  # months of sales on the shelf after a delivery
_CASES = np.array([1, 2, 5, 10])  # boxes a wholesaler packs together
_ITEM_SPAN, _MONTH_SPAN = 10_000, 1_000
_PER_BOX = 10_000  # ten-thousandths


def reports_stock(world: World) -> npt.NDArray[np.bool_]:
    """Whether each provider reports its stock to the insurer."""
    kind = world.places.providers["kind"]
    share = kind.map(_REPORTING).fillna(0.0).to_numpy(float)
    reports: npt.NDArray[np.bool_] = uniform(np.arange(len(kind)), world.seed, "stock report") < share
    return reports


class Stock:
    """Insured drug sales by provider, item and month, gathered month by month, and the books that go with them.

    Parameters
    ----------
    world : World
        The city.
    goods : Goods
        What was billed but never came in, and books kept in other units.
    """

    def __init__(self, world: World, goods: Goods) -> None:
        self._world = world
        self._goods = goods
        self._months: list[pd.DataFrame] = []
        self._taken_back = np.zeros(0, np.int64)

    def note(self, visits: pd.DataFrame, lines: pd.DataFrame) -> None:
        """Take the boxes handed over in the next month; refunds count against sales."""
        sold = sold_boxes(self._world, self._goods, visits, lines)
        sold = sold[reports_stock(self._world)[sold["provider"].to_numpy()]]
        cancels = sold["cancels"].to_numpy()
        self._taken_back = np.union1d(self._taken_back, cancels[cancels >= 0])
        supplied = sold["boxes"].to_numpy() - self._bought_nowhere(sold)
        frame = pd.DataFrame({"provider": sold["provider"], "item": sold["item"], "supplied": supplied})
        month = frame.groupby(["provider", "item"], as_index=False).sum()
        self._months.append(month.assign(month=len(self._months)))

    def _bought_nowhere(self, sold: pd.DataFrame) -> npt.NDArray[np.int64]:
        """Boxes of each line that never came in: not handed over, or scanned with the code of a box still away."""
        goods, boxes = self._goods, sold["boxes"].to_numpy()
        origin = np.where(sold["cancels"] >= 0, sold["cancels"], sold["uid"])
        codes = goods.codes.merge(goods.transfers[["uid", "pack"]], on=["uid", "pack"], how="left", indicator="came_in")
        is_away = ~np.isin(codes["of_uid"].to_numpy(), self._taken_back)
        older = codes.loc[(codes["came_in"] == "left_only").to_numpy() & is_away, "uid"].value_counts()
        n = np.minimum(older.reindex(origin).fillna(0).to_numpy(np.int64), np.abs(boxes))
        missing: npt.NDArray[np.int64] = np.where(np.isin(origin, goods.not_supplied), boxes, np.sign(boxes) * n)
        return missing

    def table(self, who: Identity) -> pa.Table:
        """One row per provider, item and month: opening + purchased - sold = closing, never below nothing.

        Sold are the insured sales that were supplied and sales to people who pay themselves, which no claim shows.
        """
        every = pd.concat(self._months, ignore_index=True)
        key, row = np.unique(every["provider"].to_numpy() * _ITEM_SPAN + every["item"].to_numpy(), return_inverse=True)
        supplied = np.zeros((len(key), len(self._months)), np.int64)
        np.add.at(supplied, (row, every["month"].to_numpy()), every["supplied"].to_numpy())
        opening, purchased, closing = self._books(key, supplied)
        pairs = pd.DataFrame({"provider": key // _ITEM_SPAN, "item": key % _ITEM_SPAN})
        shape = supplied.shape
        provider, item = (np.repeat(pairs[name].to_numpy(), shape[1]) for name in ("provider", "item"))
        months = pa.array(list(self._world.calendar.months))
        quantities = {"opening": opening, "purchased": purchased, "closing": closing}
        table = pa.table(
            {
                "provider_id": arrow.codes(who.providers, provider),
                "item_code": arrow.codes(who.items, item),
                "month": months.take(pa.array(np.tile(np.arange(shape[1]), shape[0]))),
                **{
                    f"{name}_quantity": arrow.decimals(boxes.ravel() * _PER_BOX, 16, 4)
                    for name, boxes in quantities.items()
                },
            }
        )
        return table.sort_by([(name, "ascending") for name in ("provider_id", "item_code", "month")])

    def _books(
        self, key: npt.NDArray[np.int64], supplied: npt.NDArray[np.int64]
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """Order whole cases when the shelf runs low; return what opens, comes in and closes each month."""
        seed, (n, n_months) = self._world.seed, supplied.shape
        usual = np.maximum(supplied.mean(axis=1), 0.3)
        low, high = _UNINSURED
        share = low + (high - low) * uniform(key, seed, "uninsured")
        month_key = key[:, None] * _MONTH_SPAN + np.arange(n_months)
        swing = 2 * uniform(month_key, seed, "uninsured swing")
        others = np.floor(usual[:, None] * share[:, None] * swing + uniform(month_key, seed, "uninsured part"))
        # What a month's refunds bring back beyond its sales is sold again.
        leaves = supplied + others.astype(np.int64)
        low, high = _COVER
        cover = np.ceil(usual * (low + (high - low) * uniform(key, seed, "cover"))).astype(np.int64)
        fitting = np.searchsorted(_CASES, usual, side="right").clip(1, len(_CASES))
        case = _CASES[(uniform(key, seed, "case") * fitting).astype(np.int64)]
        opening, purchased, closing = (np.zeros((n, n_months), np.int64) for _ in range(3))
        shelf = np.floor(cover * uniform(key, seed, "first shelf")).astype(np.int64)
        for month in range(n_months):
            left = shelf - leaves[:, month]
            low_at = cover * uniform(month_key[:, month], seed, "reorder") - 0.5  # some run out before they order
            short = np.where((left < 0) | (left < low_at), cover - left, 0)
            opening[:, month] = shelf
            purchased[:, month] = -(-np.maximum(short, 0) // case) * case
            closing[:, month] = shelf = left + purchased[:, month]
        return opening, purchased, closing
