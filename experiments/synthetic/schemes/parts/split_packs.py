"""Boxes opened and sold in parts, as clinics may: each part is flagged and paid as a part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.randomness import stream, uniform
from experiments.synthetic.schemes.parts.counter import (
    Sales,
    customers,
    lines_sold,
    opening_seconds,
    scanning,
    sell,
    shelf_of,
)
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.scheme import Stage

_BOXES = (10, 25)  # opened by one clinic
_PARTS = (2, 3, 4)
_SMALLEST = 6  # units in a box worth opening
_DAYS_OPEN = 12
_OPENING = 0.06  # share of scanning clinics that open boxes


def open_boxes(stage: Stage) -> None:
    """Let a small share of the city's clinics sell boxes in parts, as some do everywhere."""
    seed, clinics = stage.world.seed, scanning(stage, "clinic", "village")
    for clinic in clinics[uniform(clinics, seed, "opens boxes") < _OPENING].tolist():
        cut_boxes(stage, stream(seed, f"opens boxes/{clinic}"), f"parts/{clinic}", clinic)


def cut_boxes(stage: Stage, rng: np.random.Generator, code: str, provider: int) -> npt.NDArray[np.int64]:
    """Let a clinic or shop sell boxes in parts all through the window; return the drafts of these sales.

    Parameters
    ----------
    stage, rng : Stage, Generator
        The city and the luck.
    code : str
        Name of the part this plays: it names the source of the bills.
    provider : int
        Pharmacy, clinic or village clinic.
    """
    catalogue = stage.world.catalogue
    shelf = shelf_of(stage, provider)
    units = catalogue.items["units_per_pack"].to_numpy(float)
    shelf = shelf[units[shelf] >= _SMALLEST]
    n_boxes = int(rng.integers(*_BOXES))
    box = rng.choice(shelf, n_boxes)
    parts = rng.choice(_PARTS, n_boxes, p=(0.5, 0.3, 0.2))
    opened = rng.integers(0, max(1, stage.world.calendar.n_days - _DAYS_OPEN - 2), n_boxes)
    of = np.repeat(np.arange(n_boxes), parts)
    day = opened[of] + (_DAYS_OPEN * rng.random(len(of))).astype(np.int64)
    people = customers(stage, rng, provider, 12)
    person = rng.choice(people, len(of))
    time = day * DAY + opening_seconds(stage, rng, provider, len(of))
    order = np.argsort(time, kind="stable")
    of, person, time = of[order], person[order], time[order]
    item = box[of]
    factor = float(stage.world.places.providers["price_factor"].to_numpy()[provider])
    price = np.rint(catalogue.items["price_cents"].to_numpy()[item] * factor / parts[of]).astype(np.int64)
    sales = Sales(person, time, item, np.ones(len(of), np.int64), price)
    draft = sell(stage, rng, f"{code}/parts", sales, provider=provider)
    uid = lines_sold(stage, draft, item)
    _scan(stage, of, uid)
    drafts: npt.NDArray[np.int64] = draft[draft >= 0]
    return drafts


def _scan(stage: Stage, of: npt.NDArray[np.int64], uid: npt.NDArray[np.int64]) -> None:
    for number in np.unique(of).tolist():
        mine = uid[(of == number) & (uid >= 0)]
        if len(mine) > 1:
            stage.goods.split_pack(mine[1:], mine[0], 0)
