"""T02: dealers buy insured drugs back from patients and sell them to shops, where the same codes are billed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.goods.trace import scanning_since
from experiments.synthetic.schemes.parts.bought_back import bought, refilled, sellers_of_drugs, together
from experiments.synthetic.schemes.parts.branches import send_between_branches
from experiments.synthetic.schemes.parts.counter import (
    Sales,
    customers,
    lines_sold,
    opening_seconds,
    scanning,
    sell,
    shelf_of,
)
from experiments.synthetic.schemes.parts.split_packs import cut_boxes
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE, _PURCHASES = "T02", "P09"
_CODES = {"small": 10, "medium": 60, "large": 400}
_SHOPS = {"small": 1, "medium": 2, "large": 4}
_FEWEST_SHOPS = 3  # that scan: some to buy at, one to sell to
_LEAST = 2_500  # cents a box: dealers take what is worth its way
_AWAY = (4, 180)  # days from the patient's purchase to the second sale, at the least and the most
_USUAL_AWAY, _AWAY_SPREAD = 34.0, 0.75  # median of these days, and the spread of their logarithm
_A_SELLER = 8  # boxes that a patient gives away, about
_IN_PARTS = "boxes are opened and sold in parts, each flagged as such and paid as a part"
_BRANCHES = (
    "boxes taken back by one branch of a chain, sent on to another and sold there: return and transfer are booked"
)
_OLD_STOCK = "began to scan within the window: what lay on the shelf before has no delivery on record"


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant a dealer, the patients who sell to him and the shops that buy."""
    rng = stage.rng(_CODE, str(number))
    open_shops = scanning(stage, "pharmacy")
    if len(open_shops) < _FEWEST_SHOPS:
        raise NoRoomError("hardly any shop scans boxes")
    room = max(1, int(np.isin(open_shops, stage.idle("pharmacy")).sum()) // 4)
    shops = [stage.host(rng, "pharmacy", among=open_shops) for _ in range(min(_SHOPS[size], room))]
    wanted = int(_CODES[size] * rng.uniform(1.2, 1.5))
    sellers = sellers_of_drugs(stage, rng, max(3, wanted // _A_SELLER))
    first, last = stage.window(rng)
    shelf = shelf_of(stage, shops[0], least_cents=_LEAST)
    shelf = rng.choice(shelf, min(len(shelf), int(rng.integers(5, 10))), replace=False)
    span = (first, max(first, last - int(_USUAL_AWAY)))
    source = f"{_CODE}/{number}"
    own = together(rng, refilled(stage, rng, sellers, span, least_cents=_LEAST), n=int(wanted * rng.uniform(0.2, 0.6)))
    more = wanted - len(own["uid"])
    boxes = together(
        rng, own, bought(stage, rng, source, sellers=sellers, shelf=shelf, span=span, n=more, shut=shops), n=wanted
    )
    # The dealer comes round every week or two with a bag: some boxes are sold within days, some lie for months.
    pause = int(rng.integers(6, 15))
    day = boxes["time"] // DAY
    away = rng.lognormal(np.log(_USUAL_AWAY), _AWAY_SPREAD, len(day)).astype(np.int64)
    round_day = (day + np.minimum(away, stage.world.calendar.n_days - day - pause)) // pause * pause
    sold_day = np.clip(round_day + rng.integers(0, pause, len(day)), day + _AWAY[0], day + _AWAY[1])
    host = np.array(shops)[(round_day // pause + rng.integers(0, 2, len(day))) % len(shops)]
    resale, uid = np.full(len(day), -1), np.full(len(day), -1)
    time = np.zeros(len(day), np.int64)
    for place, shop in enumerate(shops):
        mine = np.flatnonzero((host == shop) & (sold_day < stage.world.calendar.n_days))
        buyers = customers(stage, rng, shop, 8 + len(mine) // 3)
        time[mine] = sold_day[mine] * DAY + opening_seconds(stage, rng, shop, len(mine))
        sales = Sales(rng.choice(buyers, len(mine)), time[mine], boxes["item"][mine], np.ones(len(mine), np.int64))
        resale[mine] = sell(stage, rng, f"{source}/sold/{place}", sales, provider=shop, beside=0.3)
        uid[mine] = lines_sold(stage, resale[mine], boxes["item"][mine])
    _note(stage, number, size, boxes, {"draft": resale, "uid": uid, "time": time, "shop": host})


def _note(
    stage: Stage,
    number: int,
    size: str,
    boxes: dict[str, npt.NDArray[np.int64]],
    sold: dict[str, npt.NDArray[np.int64]],
) -> None:
    truth, held = stage.truth, np.flatnonzero(sold["uid"] >= 0)
    if not len(held):
        raise NoRoomError("no box found a buyer")
    stage.goods.same_code(sold["uid"][held], 0, boxes["uid"][held], boxes["pack"][held])
    reached = max((name for name in _CODES if _CODES[name] <= max(len(held), _CODES["small"])), key=_CODES.__getitem__)
    reached = min(reached, size, key=_CODES.__getitem__)
    ring = f"{_CODE}-{number + 1}"
    for shop in np.unique(sold["shop"][held]).tolist():
        day = sold["time"][held][sold["shop"][held] == shop] // DAY
        truth.add_provider(shop, _CODE, int(day.min()), int(day.max()), reached)
        truth.rings.append((ring, "pharmacy", shop))
    truth.add_patients(_CODE, boxes["person"][held], boxes["time"][held] // DAY)
    truth.rings += [(ring, "patient", person) for person in np.unique(boxes["person"][held]).tolist()]
    # What is paid twice is the box of the second sale; what was bought to be sold on is the seller's part.
    truth.add_lines(_CODE, sold["draft"][held], sold["uid"][held])
    _note_purchases(stage, {name: values[held] for name, values in boxes.items()})


def _note_purchases(stage: Stage, boxes: dict[str, npt.NDArray[np.int64]]) -> None:
    """Note the insured purchases of boxes that reached a shop, by the boxes of each line."""
    uid, place, sold_on = np.unique(boxes["uid"], return_index=True, return_counts=True)
    draft = boxes["draft"][place]
    packs = stage.lines(np.unique(draft)).set_index("uid")["quantity"].reindex(uid).to_numpy()
    stage.truth.add_lines(_PURCHASES, draft, uid, part=sold_on, whole=packs)
    stage.truth.add_patients(_PURCHASES, boxes["person"][place], boxes["time"][place] // DAY)


def plant_twin(stage: Stage) -> None:
    """Let a clinic sell parts of boxes, and a chain send boxes that came back to another branch."""
    rng = stage.rng(_CODE, "twin")
    clinic = stage.host(rng, "clinic", "village", among=scanning(stage, "clinic", "village"))
    cut_boxes(stage, rng, _CODE, clinic)
    stage.truth.add_twins("provider", [clinic], _CODE, _IN_PARTS)
    branches = send_between_branches(stage, rng, _CODE, least_cents=_LEAST)
    stage.truth.add_twins("provider", branches, _CODE, _BRANCHES)
    since = scanning_since(stage.world)
    late = np.flatnonzero((since > 0) & (since < stage.world.calendar.n_days // 2))
    shop = stage.host(rng, "pharmacy", among=late)
    stage.truth.add_twins("provider", [shop], _CODE, _OLD_STOCK)


RETURNED_DRUGS = Scheme(_CODE, 400, plant, plant_twin)
