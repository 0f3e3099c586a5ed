"""T13: people buy the same drug day after day, a month's supply each time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import PHARMACY, Bills
from experiments.synthetic.schemes.parts.counter import opening_seconds
from experiments.synthetic.schemes.parts.shelves import unquestioned
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "T13"
_PEOPLE = {"small": 3, "medium": 9, "large": 30}
_RUNS, _DAYS = (1, 4), (3, 7)  # runs of a person; days in a row
_SHELVES = ("premium", "heart")
_A_MONTH, _MOST_PACKS = 28, 4  # days; packs of a month at the most
_TWINS = 10
_HANDED_OUT = "the shop has too little in stock: it hands one prescribed fill out over three days, each box once"


def _buyers(stage: Stage, rng: np.random.Generator, n: int) -> npt.NDArray[np.int64]:
    """Draw idle adults whose usual shop plays no part."""
    adults = stage.idle_adults()
    adults = adults[~np.isin(stage.world.usual["pharmacy"][adults], sorted(stage.busy))]
    return stage.enlist(rng, adults, n)


def _runs(
    rng: np.random.Generator, people: npt.NDArray[np.int64], span: tuple[int, int]
) -> tuple[npt.NDArray[np.int64], ...]:
    """Return person, run and day of each purchase."""
    rows, run = [], 0
    for who in people.tolist():
        for begin in np.sort(rng.integers(span[0], max(span[0] + 1, span[1] - _DAYS[1]), int(rng.integers(*_RUNS)))):
            rows += [(who, run, int(begin) + turn) for turn in range(int(rng.integers(*_DAYS)))]
            run += 1
    person, runs, day = np.array(rows, np.int64).T
    return person, runs, day


def plant(stage: Stage, size: str, number: int) -> None:
    """Let some people come back day after day."""
    rng = stage.rng(_CODE, str(number))
    world, catalogue = stage.world, stage.world.catalogue
    people = _buyers(stage, rng, _PEOPLE[size])
    person, run, day = _runs(rng, people, stage.window(rng))
    shelf = unquestioned(catalogue, np.concatenate([catalogue.group(name) for name in _SHELVES]))
    month = np.ceil(_A_MONTH / catalogue.items["days_per_pack"].to_numpy(float))  # packs
    shelf = shelf[month[shelf] <= _MOST_PACKS]
    if not len(shelf):
        raise NoRoomError("no drug comes in packs of a week and more")
    item = rng.choice(shelf, int(run.max()) + 1)[run]
    shop = world.usual["pharmacy"][person]
    n, bills = len(person), Bills()
    time = day * DAY + opening_seconds(stage, rng, int(shop[0]), n)
    draft = bills.open(
        f"{_CODE}/{number}",
        n,
        person=person,
        provider=shop,
        encounter=PHARMACY,
        start=time,
        end=time,
        settle=time + rng.integers(10, 90, n),
    )
    bills.charge(draft, item, time, quantity=month[item].astype(np.int64) * rng.integers(1, 3, n))
    kept = stage.book.visits_of(stage.add(bills))
    lines = stage.lines(kept["draft"].to_numpy())
    bought = pd.DataFrame({"draft": draft, "run": run, "day": day})
    bought = bought[np.isin(bought["draft"].to_numpy(), kept["draft"].to_numpy())].sort_values(["run", "day"])
    # What each run begins with is one month's supply: all that follows it within days is not needed.
    later = bought[bought["run"].duplicated().to_numpy()]
    lines = lines[np.isin(lines["draft"].to_numpy(), later["draft"].to_numpy())]
    if not len(lines):
        raise NoRoomError("hardly any adult is left")
    stage.truth.add_lines(_CODE, lines["draft"].to_numpy(), lines["uid"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), kept["start"].to_numpy() // DAY)


def plant_twin(stage: Stage) -> None:
    """Let shops hand one prescribed fill out over three days."""
    rng = stage.rng(_CODE, "twin")
    world, catalogue = stage.world, stage.world.catalogue
    people = _buyers(stage, rng, _TWINS)
    shop, clinic = (world.usual[name][people] for name in ("pharmacy", "gp"))
    issued = rng.integers(0, world.calendar.n_days - 5, _TWINS)
    item = rng.choice(unquestioned(catalogue, catalogue.group("heart")), _TWINS)
    doctor = world.places.rota("doctor", clinic, issued)
    bills = Bills()
    issue = issued * DAY + 9 * HOUR
    of, turn = np.repeat(np.arange(_TWINS), 3), np.tile(np.arange(3), _TWINS)
    time = (issued[of] + turn) * DAY + 11 * HOUR + rng.integers(0, 8 * HOUR, len(of))
    draft = bills.open(
        f"{_CODE}/twin",
        len(of),
        person=people[of],
        provider=shop[of],
        encounter=PHARMACY,
        start=time,
        end=time,
        settle=time + rng.integers(10, 90, len(of)),
    )
    rx = bills.prescribe(
        f"{_CODE}/twin",
        _TWINS,
        person=people,
        issuer=clinic,
        prescriber=doctor,
        issue_time=issue,
        channel=0,
        dispenser=shop,
        dispense_time=time[::3],
        draft=draft[::3],
    )
    days = catalogue.items["days_per_pack"].to_numpy(float)[item].astype(np.int64)
    bills.charge(draft, item[of], time, days_supply=days[of], prescriber=doctor[of], rx=rx[of])
    stage.add(bills)
    stage.truth.add_twins("patient", people, _CODE, _HANDED_OUT)


DAILY_PURCHASES = Scheme(_CODE, 800, plant, plant_twin)
