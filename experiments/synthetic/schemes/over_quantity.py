"""H11: more is billed than was used: larger quantities, tests again too soon (H12), refills ahead of time (P02)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import CHRONIC, NONE, OUTPATIENT, Bills
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H11"
_SHARES = {"small": 0.04, "medium": 0.12, "large": 0.35}  # of the provider's visits in the scheme's months
_REACHED = (("large", 0.2), ("medium", 0.07), ("small", 0.0))  # the size on record, by the geometric means
_HOSTS = ("secondary", "township", "community", "clinic")
_BUSY = 0.75  # of the idle hosts are less busy: there is something to add to
_TESTS = ("糖化血红蛋白", "甲状腺功能组合", "乙肝两对半")  # tests that need weeks or months between
_TESTED = 0.35  # share of the guilty visits with a test again too soon
_TOPPED_UP = 0.3  # share of the guilty chronic visits followed by a refill ahead of time
_LONG = "chronic patients on long prescriptions: twelve weeks of drugs at once, and none before they are used up"
_LONG_DAYS = 80


def _visits_of(stage: Stage, provider: int, first: int, last: int) -> pd.DataFrame:
    """Return forward visits without a bed in a span of days that nothing reverses or repeats."""
    visits = stage.visits
    day = visits["start"].to_numpy() // DAY
    mine = (visits["provider"].to_numpy() == provider) & (day >= first) & (day <= last)
    mine &= np.isin(visits["encounter"].to_numpy(), (OUTPATIENT, CHRONIC)) & (visits["reverses"].to_numpy() < 0)
    mine &= (visits["same_encounter_as"].to_numpy() < 0) & (visits["doctor"].to_numpy() >= 0)
    mine &= ~np.isin(visits["draft"].to_numpy(), visits["same_encounter_as"].to_numpy())
    return visits[mine]


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider bill more than it gives."""
    rng = stage.rng(_CODE, str(number))
    volume = np.bincount(stage.visits["provider"].to_numpy(), minlength=len(stage.world.places.providers))
    idle = stage.idle(*_HOSTS)
    if not len(idle):
        raise NoRoomError("no hospital, centre or clinic is left")
    provider = stage.host(rng, *_HOSTS, among=idle[volume[idle] >= np.quantile(volume[idle], _BUSY)])
    first, last = stage.window(rng)
    visits = _visits_of(stage, provider, first, last)
    share = _SHARES[size] * rng.uniform(0.85, 1.15)
    n_visits = len(visits)
    visits = visits[rng.random(n_visits) < share]
    swollen = _swell(stage, rng, visits)
    tested = _test_again(stage, rng, visits[rng.random(len(visits)) < _TESTED])
    chronic = visits[(visits["encounter"].to_numpy() == CHRONIC) & (rng.random(len(visits)) < _TOPPED_UP)]
    refilled = _refill_early(stage, rng, f"{_CODE}/{number}", chronic)
    guilty = pd.concat([swollen, tested, refilled], ignore_index=True)
    if not len(guilty):
        raise NoRoomError("no provider with visits enough is left")
    day = guilty["time"].to_numpy() // DAY
    reached = next(name for name, least in _REACHED if len(visits) / n_visits >= least)
    stage.truth.add_provider(
        provider, _CODE, int(day.min()), int(day.max()), min(size, reached, key=list(_SHARES).index)
    )
    stage.truth.add_lines(_CODE, guilty["draft"].to_numpy(), guilty["uid"].to_numpy())


def _swell(stage: Stage, rng: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    """Bill half as much again to three times the quantity of drugs and treatments; the whole line is guilty."""
    lines = stage.lines(visits["draft"].to_numpy())
    category = stage.world.catalogue.items["category"].to_numpy()[lines["item"].to_numpy()]
    able = np.isin(category, ("western_drug", "chinese_patent_drug", "treatment", "consumable"))
    able &= (lines["quantity"].to_numpy() > 0) & (lines["cancels"].to_numpy() < 0)
    on = able & (rng.random(len(lines)) < rng.uniform(0.4, 0.7))
    quantity = lines["quantity"].to_numpy()
    more = np.maximum(quantity + 1, np.rint(quantity * rng.uniform(1.5, 3.0, len(lines)))).astype(np.int64)
    # Sometimes the days are written to match, sometimes nobody thinks of it.
    days = lines["days_supply"].to_numpy()
    matched = np.where((days > 0) & (rng.random(len(lines)) < 0.5), days * more // np.maximum(quantity, 1), days)
    stage.revise(lines=lines.assign(quantity=np.where(on, more, quantity), days_supply=np.where(on, matched, days)))
    return lines[on]


def _test_again(stage: Stage, rng: np.random.Generator, visits: pd.DataFrame) -> pd.DataFrame:
    """Order a slow-moving test at a visit whose patient had it, or will have it, within the interval."""
    test = np.array([stage.world.catalogue.item(name) for name in _TESTS])
    # The same patients are tested at each of their visits: one of the tests for each.
    fresh = pd.DataFrame(
        {
            "draft": visits["draft"].to_numpy(),
            "item": test[visits["person"].to_numpy() % len(test)],
            "time": visits["start"].to_numpy() + 600 + rng.integers(0, 900, len(visits)),
            "prescriber": visits["doctor"].to_numpy(),
        }
    )
    known = stage.lines(visits["draft"].to_numpy())
    has = pd.MultiIndex.from_frame(known[["draft", "item"]])
    fresh = fresh[~pd.MultiIndex.from_frame(fresh[["draft", "item"]]).isin(has)]
    neutral = {"quantity": 1, "site": 0, "is_discharge_drug": False}
    absent = ("days_supply", "executor", "rx", "device", "refill", "cancels", "price")
    fresh = fresh.assign(**neutral, **dict.fromkeys(absent, NONE))
    return fresh.assign(uid=stage.append(fresh))


def _refill_early(stage: Stage, rng: np.random.Generator, source: str, visits: pd.DataFrame) -> pd.DataFrame:
    """Write the same drugs again after a week or two, long before they are used up."""
    lines = stage.lines(visits["draft"].to_numpy())
    lines = lines[(lines["days_supply"].to_numpy() >= 20) & (lines["rx"].to_numpy() < 0)]
    visits = visits[np.isin(visits["draft"].to_numpy(), lines["draft"].to_numpy())].reset_index(drop=True)
    n = len(visits)
    bills = Bills()
    time = visits["start"].to_numpy() + rng.integers(6, 13, n) * DAY
    time += (time % DAY > 17 * HOUR) * -4 * HOUR
    draft = bills.open(
        source,
        n,
        person=visits["person"].to_numpy(),
        provider=visits["provider"].to_numpy(),
        encounter=CHRONIC,
        start=time,
        end=time,
        settle=time + rng.integers(300, HOUR, n),
        doctor=visits["doctor"].to_numpy(),
        dx1=visits["dx1"].to_numpy(),
    )
    place = pd.Series(np.arange(n), index=visits["draft"].to_numpy()).reindex(lines["draft"]).to_numpy()
    bills.charge(
        draft[place],
        lines["item"].to_numpy(),
        time[place] + 300,
        quantity=lines["quantity"].to_numpy(),
        days_supply=lines["days_supply"].to_numpy(),
        prescriber=visits["doctor"].to_numpy()[place],
    )
    kept: npt.NDArray[np.int64] = stage.add(bills)
    return stage.lines(kept)


def plant_twin(stage: Stage) -> None:
    """Name the community centre or hospital with most long prescriptions, and their patients."""
    rng = stage.rng(_CODE, "twin")
    provider = stage.host(rng, "community", "township", "secondary")
    visits = _visits_of(stage, provider, 0, stage.world.calendar.n_days)
    visits = visits[visits["encounter"].to_numpy() == CHRONIC]
    lines = stage.lines(visits["draft"].to_numpy())
    most = lines.groupby("draft")["days_supply"].max()
    long = visits[np.isin(visits["draft"].to_numpy(), most.index[most >= _LONG_DAYS].to_numpy())]
    stage.truth.add_twins("provider", [provider], _CODE, _LONG)
    stage.truth.add_twins("patient", np.unique(long["person"].to_numpy()), _CODE, _LONG)


OVER_QUANTITY = Scheme(_CODE, 400, plant, plant_twin)
