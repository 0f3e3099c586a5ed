"""Boxes that patients obtain on their insurance and give to a dealer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, PHARMACY, Bills
from experiments.synthetic.goods.trace import scanning_since
from experiments.synthetic.schemes.parts.counter import lines_sold, scanning
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.people import CONDITIONS

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.scheme import Stage

    Boxes = dict[str, npt.NDArray[np.int64]]  # draft, uid, item, time, person, pack: one element per box

_ILL = ("hypertension", "heart", "diabetes")
_OF_A_PURCHASE = 0.93  # share of the boxes bought for the dealer that he gets
_OF_A_REFILL = 0.7  # the patient takes some of the drugs
_A_VISIT = 2.4  # boxes bought, about


def sellers_of_drugs(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw adults whom nobody asks why they need so many drugs, the old and the chronically ill first.

    Raises
    ------
    NoRoomError
        When hardly anyone is left.
    """
    adults, people = stage.idle_adults(), stage.world.people
    weight = 0.05 + 1.0 * (people.age[adults] >= 60)
    for name in _ILL:
        weight += people.conditions[adults, CONDITIONS.index(name)]
    return stage.enlist(rng, adults, n, fewest=2 * n, weight=weight)


def refilled(
    stage: Stage, rng: np.random.Generator, sellers: npt.NDArray[np.int64], span: tuple[int, int], *, least_cents: int
) -> Boxes:
    """Return boxes of the sellers' own refills that they do not take: nothing in these bills is unusual."""
    catalogue, visits = stage.world.catalogue, stage.visits
    c = {name: visits[name].to_numpy() for name in ("draft", "person", "provider", "encounter", "start", "reverses")}
    hanging = visits["same_encounter_as"].to_numpy()
    day, since = c["start"] // DAY, scanning_since(stage.world)
    mine = np.isin(c["person"], sellers) & (c["encounter"] == CHRONIC) & (day >= span[0]) & (day <= span[1])
    mine &= (day > since[c["provider"]]) & (hanging < 0) & ~np.isin(c["draft"], hanging[hanging >= 0])
    mine &= ~np.isin(c["provider"], sorted(stage.busy))  # look-alikes stay out of it
    lines = stage.lines(c["draft"][mine])
    shelf = np.concatenate([catalogue.group(name) for name in _ILL])
    shelf = shelf[catalogue.items["price_cents"].to_numpy()[shelf] >= least_cents]
    lines = lines[np.isin(lines["item"].to_numpy(), shelf) & (lines["quantity"] > 0).to_numpy()]
    order = np.argsort(c["draft"][mine])
    row = order[np.searchsorted(c["draft"][mine][order], lines["draft"].to_numpy())]
    columns = {name: lines[name].to_numpy() for name in ("draft", "uid", "item", "time")}
    columns["person"] = c["person"][mine][row]
    return _given(rng, columns, lines["quantity"].to_numpy(), _OF_A_REFILL)


def bought(
    stage: Stage,
    rng: np.random.Generator,
    source: str,
    *,
    sellers: npt.NDArray[np.int64],
    shelf: npt.NDArray[np.int64],
    span: tuple[int, int],
    n: int,
    shut: list[int],
) -> Boxes:
    """Let sellers buy at honest shops what a dealer wants, about `n` boxes; return those that he gets.

    Parameters
    ----------
    stage, rng, source : Stage, Generator, str
        Where, with which luck, under which name.
    sellers, shelf : array
        Who buys what.
    span : tuple of int
        First and last day.
    n : int
        Boxes wanted.
    shut : list of int
        Shops that sell nothing here: those that buy from the dealer.
    """
    world = stage.world
    shops = np.setdiff1d(scanning(stage, "pharmacy"), shut)
    elsewhere = np.setdiff1d(shops, sorted(stage.busy))
    shops = elsewhere if len(elsewhere) > 1 else shops
    n_visits = int(n / _A_VISIT / _OF_A_PURCHASE) + 1
    generous = rng.gamma(2.0, 1.0, len(sellers))
    person = rng.choice(sellers, n_visits, p=generous / generous.sum())
    favourite = rng.choice(shops, (len(sellers), 2))
    shop = favourite[np.searchsorted(sellers, person), (rng.random(n_visits) < 0.35).astype(np.int64)]
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
    columns = {"draft": draft, "item": item, "time": time, "person": person}
    columns = {name: values[kept] for name, values in columns.items()}
    columns["uid"] = lines_sold(stage, columns["draft"], columns["item"])
    return _given(rng, columns, packs[kept], _OF_A_PURCHASE)


def together(rng: np.random.Generator, *parts: Boxes, n: int) -> Boxes:
    """Put boxes of several origins into one bag, `n` at the most."""
    columns = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    chosen = np.sort(rng.permutation(len(columns["uid"]))[:n])
    return {name: values[chosen] for name, values in columns.items()}


def _given(rng: np.random.Generator, lines: Boxes, packs: npt.NDArray[np.int64], share: float) -> Boxes:
    """Write the lines' boxes out and keep those that go to the dealer, at least one of each line."""
    row = np.repeat(np.arange(len(packs)), packs)
    pack = np.arange(len(row)) - np.repeat(np.cumsum(packs) - packs, packs)
    goes = (pack == 0) | (rng.random(len(row)) < share)
    return {**{name: values[row[goes]] for name, values in lines.items()}, "pack": pack[goes]}
