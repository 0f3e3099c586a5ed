"""T02: dealers buy insured drugs back from patients and sell them to shops, where the same codes are billed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from fraud.synthetic.bills import PHARMACY, Bills
from fraud.synthetic.clock import DAY, HOUR
from fraud.synthetic.people import CONDITIONS
from fraud.synthetic.schemes.counter import customers, lines_sold, opening_seconds, scanning, sell, shelf_of
from fraud.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from fraud.synthetic.schemes.split_packs import cut_boxes

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "T02"
_CODES = {"small": 10, "medium": 60, "large": 400}
_SHOPS = {"small": 1, "medium": 2, "large": 4}
_FEWEST_SHOPS = 3  # that scan: some to buy at, one to sell to
_LEAST = 2_500  # cents a box: dealers take what is worth its way
_AWAY = (10, 60)  # days from the patient's purchase to the second sale
_A_SELLER = 8  # boxes that a patient gives away, about
_BOUGHT_FOR_SALE = 0.93  # share of the boxes of a purchase that the dealer gets
_BRANCH_TWINS = 12
_IN_PARTS = "boxes are opened and sold in parts, each flagged as such and paid as a part"
_BRANCHES = (
    "boxes taken back by one branch of a chain, sent on to another and sold there: return and transfer are booked"
)


def _sellers(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw adults whom nobody asks why they need so many drugs: the old and the chronically ill first."""
    adults, people = stage.idle_adults(), stage.world.people
    if len(adults) < 2 * n:
        raise NoRoomError("hardly any adult is left")
    ill = (
        people.conditions[adults, CONDITIONS.index("hypertension")]
        | people.conditions[adults, CONDITIONS.index("heart")]
    )
    weight = 0.05 + 2.0 * ill + (people.age[adults] >= 60)
    drawn: npt.NDArray[np.int64] = np.sort(rng.choice(adults, n, replace=False, p=weight / weight.sum()))
    stage.busy_persons.update(drawn.tolist())
    return drawn


def _bought(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    sellers: npt.NDArray[np.int64],
    shelf: npt.NDArray[np.int64],
    span: tuple[int, int],
    n: int,
    shut: list[int],
) -> dict[str, npt.NDArray[np.int64]]:
    """Let sellers buy at honest shops what a dealer wants; return columns of the `n` boxes that he gets, or fewer."""
    world = stage.world
    shops = np.setdiff1d(scanning(stage, "pharmacy"), shut)
    elsewhere = np.setdiff1d(shops, sorted(stage.busy))
    shops = elsewhere if len(elsewhere) > 1 else shops  # look-alikes stay out of it
    n_visits = int(n / 2.4 / _BOUGHT_FOR_SALE) + 2
    generous = rng.gamma(2.0, 1.0, len(sellers))
    person = np.r_[sellers, rng.choice(sellers, n_visits, p=generous / generous.sum())][:n_visits]
    favourite = rng.choice(shops, (len(sellers), 2))
    at = np.searchsorted(sellers, person)
    shop = favourite[at, (rng.random(n_visits) < 0.35).astype(np.int64)]
    day = rng.integers(span[0], span[1] + 1, n_visits)
    time = day * DAY + world.calendar.draw_seconds(rng, n_visits, "pharmacy")
    item = rng.choice(shelf, n_visits)
    packs = rng.choice((1, 2, 3, 4), n_visits, p=(0.15, 0.4, 0.3, 0.15))
    bills = Bills()
    draft = bills.open(
        f"{source}/bought",
        n_visits,
        person=person,
        provider=shop,
        encounter=PHARMACY,
        start=time,
        end=time,
        settle=time + rng.integers(8, 90, n_visits),
    )
    bills.charge(draft, item, time, quantity=packs)
    kept = np.isin(draft, stage.add(bills))
    draft, item, time, packs, person = draft[kept], item[kept], time[kept], packs[kept], person[kept]
    uid = lines_sold(stage, draft, item)
    row = np.repeat(np.arange(len(draft)), packs)
    pack = np.arange(len(row)) - np.repeat(np.cumsum(packs) - packs, packs)
    given = np.flatnonzero((pack == 0) | (rng.random(len(row)) < _BOUGHT_FOR_SALE))[:n]
    row = row[given]
    columns = {"draft": draft, "uid": uid, "item": item, "time": time, "person": person}
    return {**{name: values[row] for name, values in columns.items()}, "pack": pack[given]}


def plant(stage: Stage, size: str, number: int) -> None:
    """Plant a dealer, the patients who sell to him and the shops that buy."""
    rng = stage.rng(_CODE, str(number))
    open_shops = scanning(stage, "pharmacy")
    if len(open_shops) < _FEWEST_SHOPS:
        raise NoRoomError("hardly any shop scans boxes")
    room = max(1, int(np.isin(open_shops, stage.idle("pharmacy")).sum()) // 4)
    shops = [stage.host(rng, "pharmacy", among=open_shops) for _ in range(min(_SHOPS[size], room))]
    wanted = int(_CODES[size] * rng.uniform(1.2, 1.5))
    sellers = _sellers(stage, rng, max(3, wanted // _A_SELLER))
    first, last = stage.window(rng)
    shelf = shelf_of(stage, shops[0], least_cents=_LEAST)
    shelf = rng.choice(shelf, min(len(shelf), int(rng.integers(5, 10))), replace=False)
    span = (first, max(first, last - _AWAY[1] // 2))
    source = f"{_CODE}/{number}"
    boxes = _bought(stage, rng, source, sellers=sellers, shelf=shelf, span=span, n=wanted, shut=shops)
    # The dealer comes round every week or two with a bag: what he brings is sold in the days after.
    pause = int(rng.integers(6, 15))
    day = boxes["time"] // DAY
    round_day = (day + _AWAY[0] + rng.integers(0, 12, len(day))) // pause * pause + pause
    sold_day = np.clip(round_day + rng.geometric(0.12, len(day)), day + _AWAY[0], day + _AWAY[1])
    host = np.array(shops)[(round_day // pause + rng.integers(0, 2, len(day))) % len(shops)]
    resale, uid = np.full(len(day), -1), np.full(len(day), -1)
    time = np.zeros(len(day), np.int64)
    for place, shop in enumerate(shops):
        mine = np.flatnonzero((host == shop) & (sold_day < stage.world.calendar.n_days))
        buyers = customers(stage, rng, shop, 8 + len(mine) // 3)
        time[mine] = sold_day[mine] * DAY + opening_seconds(stage, rng, shop, len(mine))
        resale[mine] = sell(
            stage,
            rng,
            f"{source}/sold/{place}",
            provider=shop,
            person=rng.choice(buyers, len(mine)),
            time=time[mine],
            item=boxes["item"][mine],
            packs=np.ones(len(mine), np.int64),
            beside=0.3,
        )
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
    truth.add_lines(_CODE, boxes["draft"][held], boxes["uid"][held])
    truth.add_lines(_CODE, sold["draft"][held], sold["uid"][held])


def plant_twin(stage: Stage) -> None:
    """Let a clinic sell parts of boxes, and a chain send boxes that came back to another branch."""
    rng = stage.rng(_CODE, "twin")
    clinic = stage.host(rng, "clinic", "village", among=scanning(stage, "clinic", "village"))
    cut_boxes(stage, rng, _CODE, clinic)
    stage.truth.add_twins("provider", [clinic], _CODE, _IN_PARTS)
    _send_between_branches(stage, rng)


def _send_between_branches(stage: Stage, rng: np.random.Generator) -> None:
    world = stage.world
    group = world.places.providers["group_id"].to_numpy().astype(str)
    free = scanning(stage, "pharmacy")
    free = free[np.isin(free, stage.idle("pharmacy")) & (group[free] != "")]
    names, n = np.unique(group[free], return_counts=True)
    if not (n > 1).any():
        raise NoRoomError("no chain has two branches left")
    chain = free[group[free] == rng.choice(names[n > 1])]
    sender, receiver = (stage.host(rng, "pharmacy", among=chain) for _ in range(2))
    people = customers(stage, rng, sender, _BRANCH_TWINS)
    n_boxes = len(people)
    item = rng.choice(shelf_of(stage, sender, least_cents=_LEAST), n_boxes)
    day = rng.integers(0, max(1, world.calendar.n_days - 45), n_boxes)
    time = day * DAY + opening_seconds(stage, rng, sender, n_boxes)
    ones = np.ones(n_boxes, np.int64)
    draft = sell(stage, rng, f"{_CODE}/taken back", provider=sender, person=people, time=time, item=item, packs=ones)
    kept = draft >= 0
    uid = lines_sold(stage, draft, item)[kept]
    draft, item, day, people = draft[kept], item[kept], day[kept], people[kept]
    _take_back(stage, rng, draft, uid)
    buyers = customers(stage, rng, receiver, _BRANCH_TWINS)
    sent = (day + rng.integers(3, 9, len(day))) * DAY + 9 * HOUR + rng.integers(0, 6 * HOUR, len(day))
    time = (sent // DAY + rng.integers(5, 25, len(day))) * DAY + opening_seconds(stage, rng, receiver, len(day))
    again = sell(
        stage,
        rng,
        f"{_CODE}/sold on",
        provider=receiver,
        person=rng.choice(buyers, len(day)),
        time=time,
        item=item,
        packs=ones[: len(day)],
    )
    second = lines_sold(stage, again, item)
    known = second >= 0
    stage.goods.same_code(second[known], 0, uid[known], 0)
    stage.goods.moved(second[known], 0, sender, sent[known])
    stage.truth.add_twins("provider", [sender, receiver], _CODE, _BRANCHES)


def _take_back(
    stage: Stage, rng: np.random.Generator, draft: npt.NDArray[np.int64], uid: npt.NDArray[np.int64]
) -> None:
    """Reverse whole sales within two days."""
    visits = stage.visits.set_index("draft").loc[draft]
    lines = stage.lines(draft).set_index("uid").loc[uid]
    bills, n = Bills(), len(draft)
    start = visits["start"].to_numpy()
    back = bills.open(
        f"{_CODE}/back",
        n,
        person=visits["person"].to_numpy(),
        provider=visits["provider"].to_numpy(),
        encounter=PHARMACY,
        start=start,
        end=start,
        settle=visits["settle"].to_numpy() + 600 + rng.integers(0, 2 * DAY, n),
        reverses=draft,
        same_encounter_as=draft,
    )
    bills.charge(
        back, lines["item"].to_numpy(), lines["time"].to_numpy(), quantity=-lines["quantity"].to_numpy(), cancels=uid
    )
    stage.add(bills)


RETURNED_DRUGS = Scheme(_CODE, "drugs bought back from patients", "回流药", 400, plant, plant_twin)
