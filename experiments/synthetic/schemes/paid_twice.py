"""P10: invoices of bills that were settled at the counter are handed in once more, by hand, and paid again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, LINE_COLUMNS, NONE, VISIT_COLUMNS, Bills
from experiments.synthetic.goods.boxes import is_boxed
from experiments.synthetic.schemes.parts.corrections import take_back
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "P10"
_PEOPLE = {"small": 4, "medium": 15, "large": 50}
_BILLS = (2, 6)  # invoices that a person hands in again
_LATER = (5, 40)  # days
_TWINS = 10
_SETTLED_AGAIN = "the first settlement was reversed, the second answers the same invoice: it is paid once"


def _paid(stage: Stage) -> pd.DataFrame:
    """Return standing bills of the chronic benefit without boxes, of idle adults, that the fund has paid a part of."""
    visits = stage.visits
    hanging = visits["same_encounter_as"].to_numpy()
    fit = (visits["encounter"].to_numpy() == CHRONIC) & (visits["reverses"].to_numpy() < 0) & (hanging < 0)
    fit &= ~np.isin(visits["draft"].to_numpy(), hanging) & np.isin(visits["person"].to_numpy(), stage.idle_adults())
    fit &= ~np.isin(visits["provider"].to_numpy(), sorted(stage.busy))
    fit &= visits["settle"].to_numpy() < stage.world.calendar.end - (_LATER[1] + 2) * DAY
    bills = visits[fit]
    lines = stage.lines(bills["draft"].to_numpy())
    boxed = lines["draft"].to_numpy()[is_boxed(stage.world)[lines["item"].to_numpy()]]
    return bills[~np.isin(bills["draft"].to_numpy(), boxed)]


def _of_some(stage: Stage, rng: np.random.Generator, n: int, *, least: int) -> pd.DataFrame:
    """Draw people with so many such bills at the least; return theirs."""
    bills = _paid(stage)
    people, count = np.unique(bills["person"].to_numpy(), return_counts=True)
    people = people[count >= least]
    if not len(people):
        raise NoRoomError("nobody has invoices enough")
    chosen = rng.choice(people, min(n, len(people)), replace=False)
    stage.busy_persons.update(chosen.tolist())
    return bills[np.isin(bills["person"].to_numpy(), chosen)]


def plant(stage: Stage, size: str, number: int) -> None:
    """Let some people hand in their invoices again."""
    rng = stage.rng(_CODE, str(number))
    bills = _of_some(stage, rng, _PEOPLE[size], least=_BILLS[0])
    order = bills.assign(luck=rng.random(len(bills))).sort_values(["person", "luck"])
    wanted = rng.integers(*_BILLS, len(order))
    turn = order.groupby("person").cumcount().to_numpy()
    again = bills[np.isin(bills["draft"].to_numpy(), order["draft"].to_numpy()[turn < wanted])]
    draft = _hand_in(stage, rng, f"{_CODE}/{number}", again)
    kept = stage.book.visits_of(draft)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), kept["start"].to_numpy() // DAY)


def _hand_in(stage: Stage, rng: np.random.Generator, source: str, first: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Settle bills a second time days later, on the same invoices; return the drafts that stand."""
    n, bills = len(first), Bills()
    columns = {name: first[name].to_numpy() for name in VISIT_COLUMNS}
    columns |= {
        "settle": columns["settle"] + rng.integers(*_LATER, n) * DAY,
        "invoice_of": first["draft"].to_numpy(),
        "terminal": np.full(n, NONE),
    }
    draft = bills.open(source, n, **columns)
    lines = stage.lines(first["draft"].to_numpy())
    order = np.argsort(first["draft"].to_numpy())
    row = order[np.searchsorted(first["draft"].to_numpy()[order], lines["draft"].to_numpy())]
    copied = {name: lines[name].to_numpy() for name in LINE_COLUMNS if name not in {"draft", "item", "time"}}
    bills.charge(draft[row], lines["item"].to_numpy(), lines["time"].to_numpy(), **copied)
    return stage.add(bills)


def plant_twin(stage: Stage) -> None:
    """Let bills of some people be reversed and settled again on the same invoice."""
    rng = stage.rng(_CODE, "twin")
    bills = _of_some(stage, rng, _TWINS, least=1).drop_duplicates("person")
    right = stage.lines(bills["draft"].to_numpy())
    again = bills.assign(invoice_of=bills["draft"])
    take_back(stage, again, rng.integers(3_600, 2 * DAY, len(bills)), right=right)
    stage.truth.add_twins("patient", bills["person"].tolist(), _CODE, _SETTLED_AGAIN)


PAID_TWICE = Scheme(_CODE, 800, plant, plant_twin)
