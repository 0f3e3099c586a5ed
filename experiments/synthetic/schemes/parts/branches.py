"""Branches of a chain: a box that came back to one may lawfully be sold by another."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.synthetic.care.bills import PHARMACY, Bills
from experiments.synthetic.schemes.parts.counter import (
    Sales,
    customers,
    lines_sold,
    opening_seconds,
    scanning,
    sell,
    shelf_of,
)
from experiments.synthetic.schemes.scheme import NoRoomError, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_BOXES = 12


class Delays(NamedTuple):
    """Seconds until a box is taken back, at the most; days until it is sent on, and from there until it is sold."""

    returned: int = 2 * DAY
    sent: tuple[int, int] = (3, 9)
    sold: tuple[int, int] = (5, 25)


_USUAL = Delays()


def send_between_branches(
    stage: Stage, rng: np.random.Generator, code: str, *, least_cents: int, delays: Delays = _USUAL
) -> tuple[int, int]:
    """Let one branch take sold boxes back and send them on to another, which sells them; return the two branches.

    Parameters
    ----------
    stage, rng : Stage, Generator
        The city and the luck.
    code : str
        Name of the part this plays.
    least_cents : int
        Price of a box at the least.
    delays : Delays
        How long the boxes are on their way.

    Raises
    ------
    NoRoomError
        When no chain has two branches left that scan boxes.
    """
    world = stage.world
    group = world.places.providers["group_id"].to_numpy().astype(str)
    free = scanning(stage, "pharmacy")
    free = free[np.isin(free, stage.idle("pharmacy")) & (group[free] != "")]
    names, n = np.unique(group[free], return_counts=True)
    if not (n > 1).any():
        raise NoRoomError("no chain has two branches left")
    chain = free[group[free] == rng.choice(names[n > 1])]
    sender, receiver = (stage.host(rng, "pharmacy", among=chain) for _ in range(2))
    people = customers(stage, rng, sender, _BOXES)
    n_boxes = len(people)
    item = rng.choice(shelf_of(stage, sender, least_cents=least_cents), n_boxes)
    day = rng.integers(0, max(1, world.calendar.n_days - 45), n_boxes)
    time = day * DAY + opening_seconds(stage, rng, sender, n_boxes)
    ones = np.ones(n_boxes, np.int64)
    draft = sell(stage, rng, f"{code}/taken back", Sales(people, time, item, ones), provider=sender)
    kept = draft >= 0
    uid = lines_sold(stage, draft, item)[kept]
    draft, item, day, people = draft[kept], item[kept], day[kept], people[kept]
    _take_back(stage, rng, code, draft, uid, within=delays.returned)
    buyers = customers(stage, rng, receiver, _BOXES)
    sent = (day + rng.integers(*delays.sent, len(day))) * DAY + 9 * HOUR + rng.integers(0, 6 * HOUR, len(day))
    time = (sent // DAY + rng.integers(*delays.sold, len(day))) * DAY + opening_seconds(stage, rng, receiver, len(day))
    resold = Sales(rng.choice(buyers, len(day)), time, item, ones[: len(day)])
    again = sell(stage, rng, f"{code}/sold on", resold, provider=receiver)
    second = lines_sold(stage, again, item)
    known = second >= 0
    stage.goods.same_code(second[known], 0, uid[known], 0)
    stage.goods.moved(second[known], 0, sender, sent[known])
    return sender, receiver


def _take_back(
    stage: Stage,
    rng: np.random.Generator,
    code: str,
    draft: npt.NDArray[np.int64],
    uid: npt.NDArray[np.int64],
    *,
    within: int,
) -> None:
    """Reverse whole sales within so many seconds."""
    visits = stage.visits.set_index("draft").loc[draft]
    lines = stage.lines(draft).set_index("uid").loc[uid]
    bills, n = Bills(), len(draft)
    start = visits["start"].to_numpy()
    back = bills.open(
        f"{code}/back",
        n,
        person=visits["person"].to_numpy(),
        provider=visits["provider"].to_numpy(),
        encounter=PHARMACY,
        start=start,
        end=start,
        settle=visits["settle"].to_numpy() + 600 + rng.integers(0, within, n),
        reverses=draft,
        same_encounter_as=draft,
    )
    bills.charge(
        back, lines["item"].to_numpy(), lines["time"].to_numpy(), quantity=-lines["quantity"].to_numpy(), cancels=uid
    )
    stage.add(bills)
