"""T03: counterfeit boxes carry the codes of true ones, which other shops sell in the same days."""

from __future__ import annotations

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import PHARMACY
from experiments.synthetic.schemes.parts.branches import Delays, send_between_branches
from experiments.synthetic.schemes.parts.counter import (
    Sales,
    customers,
    lines_sold,
    opening_seconds,
    scanning,
    sell,
    shelf_of,
)
from experiments.synthetic.schemes.parts.standing import counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage, size_reached
from experiments.synthetic.world.clock import DAY, HOUR

_CODE = "T03"
_CODES = {"small": 4, "medium": 15, "large": 50}
_REACHED = (("large", 28), ("medium", 9), ("small", 0))
_LEAST = 2_000  # cents a box: it must be worth the forger's while
_TRUE_SELLERS = 12  # shops whose boxes are copied, at the most
_LATEST = 3  # days after the true box was sold
_IN_A_DAY = (
    "a box taken back by one branch of a chain is sent on to another and sold there two days later; all is booked"
)


def _true_boxes(stage: Stage, rng: np.random.Generator, shop: int, span: tuple[int, int]) -> pd.DataFrame:
    """Return lines of other shops that sell a box worth copying, in random order."""
    group = stage.world.places.providers["group_id"].to_numpy().astype(str)
    others = np.intersect1d(scanning(stage, "pharmacy"), stage.idle("pharmacy"))
    others = others[(group[others] == "") | (group[others] != group[shop])]
    shelf = shelf_of(stage, shop, least_cents=_LEAST)
    parts = [
        counted(stage, standing(stage, other, span, PHARMACY))
        for other in rng.permutation(others)[:_TRUE_SELLERS].tolist()
    ]
    if not parts:
        raise NoRoomError("hardly any shop scans boxes")
    lines = pd.concat(parts, ignore_index=True)
    lines = lines[np.isin(lines["item"].to_numpy(), shelf)]
    return lines.iloc[rng.permutation(len(lines))]


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one shop sell copies."""
    rng = stage.rng(_CODE, str(number))
    shop = stage.host(rng, "pharmacy", among=scanning(stage, "pharmacy"))
    first, last = stage.window(rng)
    true = _true_boxes(stage, rng, shop, (first, last - _LATEST - 1))[: _CODES[size]]
    if not len(true):
        raise NoRoomError("hardly any shop scans boxes")
    n = len(true)
    buyers = customers(stage, rng, shop, 6 + n // 2)
    sold = true["time"].to_numpy()
    day = sold // DAY + rng.integers(0, _LATEST + 1, n)
    time = np.maximum(day * DAY + opening_seconds(stage, rng, shop, n), sold + rng.integers(HOUR, 3 * HOUR, n))
    time = np.minimum(time, sold + _LATEST * DAY - HOUR)
    item, ones = true["item"].to_numpy(), np.ones(n, np.int64)
    draft = sell(stage, rng, f"{_CODE}/{number}", Sales(rng.choice(buyers, n), time, item, ones), provider=shop)
    uid = lines_sold(stage, draft, item)
    held = uid >= 0
    if not held.any():
        raise NoRoomError("no copy found a buyer")
    stage.goods.same_code(uid[held], 0, true["uid"].to_numpy()[held], 0)
    reached = size_reached(size, int(held.sum()), _REACHED)
    stage.truth.add_provider(shop, _CODE, int(time[held].min() // DAY), int(time[held].max() // DAY), reached)
    stage.truth.add_lines(_CODE, draft[held], uid[held])


def plant_twin(stage: Stage) -> None:
    """Let a branch send boxes that came back to it to another, which sells them two days later."""
    rng = stage.rng(_CODE, "twin")
    quick = Delays(6 * HOUR, (1, 2), (1, 2))
    branches = send_between_branches(stage, rng, _CODE, least_cents=_LEAST, delays=quick)
    stage.truth.add_twins("provider", branches, _CODE, _IN_A_DAY)


DOUBLED_CODES = Scheme(_CODE, 800, plant, plant_twin)
