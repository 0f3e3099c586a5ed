"""T01: one box lies beside the till; its code is scanned again and again while other goods go over the counter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import PHARMACY
from experiments.synthetic.goods.boxes import is_boxed
from experiments.synthetic.schemes.parts.corrections import take_back
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
from experiments.synthetic.schemes.parts.standing import counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "T01"
_CODES = {"small": 1, "medium": 5, "large": 20}
_FEWEST, _MOST = 2, 60  # settlements of one code, as found by inspectors
_TWICE = 0.2  # share of the codes that are used once more and no oftener
_KINDS = ("pharmacy", "clinic", "village")
_LEAST = 1_800  # cents a box: a cheap code is worth nothing
_BY_TWOS = 0.12  # share of bills that scan the box twice
_TWINS = 20
_FAILED = "the till failed: the sale was taken back and the same box scanned again within two minutes"
_FAILING = 0.05  # share of a shop's boxes that are scanned once more because the till failed
_NO_SETTLEMENT = "the till failed: a scan a minute before the sale belongs to no settlement"
_TAKEN_BACK = "boxes taken back, with the return on record and the sale reversed, are sold to others weeks later"
_IN_PARTS = "boxes are opened and sold in parts, each flagged as such and paid as a part"


def _days_of_code(rng: np.random.Generator, span: tuple[int, int], n: int, *, alone: bool) -> npt.NDArray[np.int64]:
    """Return the days on which one code is used: some weeks, days without, several times on others."""
    first, last = span
    length = max(10, int((last - first) * rng.uniform(0.5 if alone else 0.15, 1.0 if alone else 0.6)))
    begin = int(rng.integers(first, max(first + 1, last - length)))
    days = np.arange(begin, min(begin + length, last) + 1)
    weight = rng.gamma(0.7, 1.0, len(days)) + 0.02
    return np.sort(rng.choice(days, n, p=weight / weight.sum()))


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant the boxes beside one till."""
    rng = stage.rng(_CODE, str(number))
    host = stage.host(rng, *_KINDS, among=scanning(stage, *_KINDS))
    n_codes = _CODES[size]
    people = customers(stage, rng, host, int(rng.integers(8, 14)) + 3 * n_codes)
    span = stage.window(rng)
    shelf = shelf_of(stage, host, least_cents=_LEAST)
    boxes = rng.choice(shelf, n_codes, replace=n_codes > len(shelf))
    typical = rng.uniform(6, 16)  # how brazen this till is
    uses = np.clip(rng.lognormal(np.log(typical), 0.7, n_codes), _FEWEST, _MOST).astype(np.int64)
    if n_codes > 1:
        uses = np.where(rng.random(n_codes) < _TWICE, _FEWEST, uses)
    code = np.repeat(np.arange(n_codes), uses)
    day = np.concatenate([_days_of_code(rng, span, int(n), alone=n_codes == 1) for n in uses])
    appetite = rng.gamma(1.2, 1.0, len(people))
    person = rng.choice(people, len(code), p=appetite / appetite.sum())
    time = day * DAY + opening_seconds(stage, rng, host, len(code))
    packs = 1 + (rng.random(len(code)) < _BY_TWOS)
    order = np.argsort(time, kind="stable")
    code, person, time, packs = code[order], person[order], time[order], packs[order]
    item = boxes[code]
    draft = sell(stage, rng, f"{_CODE}/{number}", Sales(person, time, item, packs), provider=host, beside=0.25)
    uid = lines_sold(stage, draft, item)
    swapped = _scan(stage, code, uid, packs)
    held = swapped > 0
    if not held.any():
        raise NoRoomError("nobody buys twice where boxes are scanned")
    stage.truth.add_provider(host, _CODE, int(time[held].min() // DAY), int(time[held].max() // DAY), size)
    stage.truth.add_patients(_CODE, person[held], time[held] // DAY)
    stage.truth.add_lines(_CODE, draft[held], uid[held], part=swapped[held], whole=packs[held])


def _scan(
    stage: Stage, code: npt.NDArray[np.int64], uid: npt.NDArray[np.int64], packs: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """Let all packs after a code's first carry the code of that first, which came in; return how many on each line."""
    swapped = np.zeros(len(uid), np.int64)
    for number in np.unique(code).tolist():
        mine = np.flatnonzero((code == number) & (uid >= 0))
        if not len(mine):
            continue
        first = uid[mine[0]]
        swapped[mine] = packs[mine]
        swapped[mine[0]] -= 1
        for pack in range(2):
            lines = mine[packs[mine] > pack]
            lines = lines[1:] if pack == 0 else lines
            if len(lines):
                stage.goods.same_code(uid[lines], pack, first, 0)
    return swapped


def plant_twin(stage: Stage) -> None:
    """Name customers whose till failed, and open boxes at one clinic that sells parts of them."""
    _name_failed_scans(stage)
    rng = stage.rng(_CODE, "twin")
    clinic = stage.host(rng, "clinic", "village", among=scanning(stage, "clinic", "village"))
    cut_boxes(stage, rng, _CODE, clinic)
    stage.truth.add_twins("provider", [clinic], _CODE, _IN_PARTS)
    shop = stage.host(rng, "pharmacy", among=scanning(stage, "pharmacy"))
    lines = counted(stage, standing(stage, shop, (0, stage.world.calendar.n_days), PHARMACY))
    boxed = lines["uid"].to_numpy()[is_boxed(stage.world)[lines["item"].to_numpy()]]
    stage.goods.scanned_twice(boxed[rng.random(len(boxed)) < _FAILING])
    stage.truth.add_twins("provider", [shop], _CODE, _NO_SETTLEMENT)
    other = stage.host(rng, "pharmacy", among=scanning(stage, "pharmacy"))
    _sell_again(stage, rng, other)
    stage.truth.add_twins("provider", [other], _CODE, _TAKEN_BACK)


def _sell_again(stage: Stage, rng: np.random.Generator, shop: int) -> None:
    """Let a shop take boxes back within two days and sell them to others some weeks later."""
    people = customers(stage, rng, shop, _TWINS)
    n = len(people)
    item = rng.choice(shelf_of(stage, shop, least_cents=_LEAST), n)
    day = rng.integers(0, max(1, stage.world.calendar.n_days - 40), n)
    time, ones = day * DAY + opening_seconds(stage, rng, shop, n), np.ones(n, np.int64)
    draft = sell(stage, rng, f"{_CODE}/taken back", Sales(people, time, item, ones), provider=shop)
    uid = lines_sold(stage, draft, item)
    later = (day + rng.integers(4, 35, n)) * DAY + opening_seconds(stage, rng, shop, n)
    again = Sales(people[::-1], later, item, ones)
    second_draft = sell(stage, rng, f"{_CODE}/sold again", again, provider=shop)
    second = lines_sold(stage, second_draft, item)
    known = (uid >= 0) & (second >= 0)
    back = stage.book.visits_of(draft[known])
    take_back(stage, back, rng.integers(600, 2 * DAY, len(back)))
    stage.goods.same_code(second[known], 0, uid[known], 0)


def _name_failed_scans(stage: Stage) -> None:
    visits = stage.visits
    again = (visits["same_encounter_as"].to_numpy() >= 0) & (visits["reverses"].to_numpy() < 0)
    again &= np.isin(visits["provider"].to_numpy(), scanning(stage, "pharmacy"))
    people = np.unique(visits["person"].to_numpy()[again])
    people = people[np.isin(people, stage.idle_adults())][:_TWINS]
    stage.busy_persons.update(people.tolist())
    stage.truth.add_twins("patient", people, _CODE, _FAILED)


CODE_SWAP = Scheme(_CODE, 400, plant, plant_twin)
