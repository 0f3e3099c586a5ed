"""P02: drugs are fetched again long before they are used up, time after time, and beyond what one fill may have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import CHRONIC, OUTPATIENT, Bills
from experiments.synthetic.schemes.parts.standing import busy_host, counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.limits import strictest_limits

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "P02"
_SHARES = {"small": 0.1, "medium": 0.35, "large": 0.9}  # of the patients who refill here every month or so
_OVER_FILLED = {"small": 0.01, "medium": 0.04, "large": 0.12}  # of the drug lines of other visits
_HOSTS = ("tertiary", "secondary", "township", "community")
_FEWEST_TIMES, _FEWEST_PEOPLE = 3, 2
_SUPPLY = (27, 45)  # days of the refills that are followed by another
_LONG_DAYS = 80
_LONG = "chronic patients on long prescriptions: twelve weeks of drugs at once, and none before they are used up"
_HOLIDAY = "before the long holiday the policy lets them fetch as much as one fill may have, some days ahead of time"


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider hand drugs out ahead of time, and more of them than one fill may have."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *_HOSTS, busier=0.75, encounter=CHRONIC)
    span = stage.window(rng)
    early = _refill_early(stage, rng, f"{_CODE}/{number}", provider=provider, span=span, share=_SHARES[size])
    large, part, whole = _over_fill(stage, rng, provider, span, _OVER_FILLED[size])
    guilty = pd.concat([early, large], ignore_index=True)
    if not len(guilty):
        raise NoRoomError("no provider with regulars enough is left")
    day = guilty["time"].to_numpy() // DAY
    stage.truth.add_provider(provider, _CODE, int(max(day.min(), 0)), int(day.max()), size)
    stage.truth.add_lines(_CODE, early["draft"].to_numpy(), early["uid"].to_numpy())
    stage.truth.add_lines(_CODE, large["draft"].to_numpy(), large["uid"].to_numpy(), part=part, whole=whole)
    people = stage.book.visits_of(np.unique(early["draft"].to_numpy())) if len(early) else stage.visits.iloc[:0]
    stage.truth.add_patients(_CODE, people["person"].to_numpy(), people["start"].to_numpy() // DAY)


def _refill_early(
    stage: Stage, rng: np.random.Generator, source: str, *, provider: int, span: tuple[int, int], share: float
) -> pd.DataFrame:
    """Write regulars their drugs again within half of the days of the last fill, three times each or oftener."""
    visits = standing(stage, provider, span, CHRONIC)
    lines = counted(stage, visits)
    supply = lines["days_supply"].to_numpy()
    listed = stage.world.catalogue.items["in_scope"].to_numpy()[lines["item"].to_numpy()] > 0
    fit = listed & (supply >= _SUPPLY[0]) & (supply <= _SUPPLY[1])
    lines = lines[fit & (lines["rx"].to_numpy() < 0)]
    # Each drug so often, not the visits alone: a regular fetches now one, now another.
    who = visits.set_index("draft")["person"].reindex(lines["draft"]).to_numpy()
    lines = lines[lines.groupby([who, "item"])["draft"].transform("nunique").to_numpy() >= _FEWEST_TIMES]
    shortest = lines.groupby("draft")["days_supply"].min()
    visits = visits[np.isin(visits["draft"].to_numpy(), shortest.index.to_numpy())]
    times = visits["person"].value_counts()
    people = np.sort(times.index[times >= _FEWEST_TIMES].to_numpy())
    people = people[~np.isin(people, sorted(stage.busy_persons))]
    people = np.sort(rng.permutation(people)[: max(_FEWEST_PEOPLE, round(len(people) * share))])
    visits = visits[np.isin(visits["person"].to_numpy(), people)].reset_index(drop=True)
    n, bills = len(visits), Bills()
    half = shortest.reindex(visits["draft"]).to_numpy(float) * 0.5 if n else np.zeros(0)
    time = visits["start"].to_numpy() + (rng.uniform(5, np.maximum(half - 1, 6)).astype(np.int64)) * DAY
    time += (time % DAY > 17 * HOUR) * -4 * HOUR
    draft = bills.open(
        source,
        n,
        person=visits["person"].to_numpy(),
        provider=provider,
        encounter=CHRONIC,
        start=time,
        end=time,
        settle=time + rng.integers(300, HOUR, n),
        doctor=visits["doctor"].to_numpy(),
        dx1=visits["dx1"].to_numpy(),
    )
    mine = lines[np.isin(lines["draft"].to_numpy(), visits["draft"].to_numpy())]
    place = pd.Series(np.arange(n), index=visits["draft"].to_numpy()).reindex(mine["draft"]).to_numpy().astype(np.int64)
    bills.charge(
        draft[place],
        mine["item"].to_numpy(),
        time[place] + 300,
        quantity=mine["quantity"].to_numpy(),
        days_supply=mine["days_supply"].to_numpy(),
        prescriber=visits["doctor"].to_numpy()[place],
    )
    stage.busy_persons.update(people.tolist())
    return _often_enough(stage, stage.lines(stage.add(bills)))


def _often_enough(stage: Stage, lines: pd.DataFrame) -> pd.DataFrame:
    """Take back what was left of refills too few to be time after time: others found the patient away or in bed."""
    who = stage.book.visits_of(np.unique(lines["draft"].to_numpy())).set_index("draft")["person"]
    times = lines.groupby([who.reindex(lines["draft"]).to_numpy(), "item"])["draft"].transform("nunique")
    often = np.unique(lines["draft"].to_numpy()[times.to_numpy() >= _FEWEST_TIMES])
    kept = np.isin(lines["draft"].to_numpy(), often)
    stage.drop(np.unique(lines["draft"].to_numpy()[~kept]))
    few = kept & (times.to_numpy() < _FEWEST_TIMES)
    return lines[kept & ~few]


def _over_fill(
    stage: Stage, rng: np.random.Generator, provider: int, span: tuple[int, int], share: float
) -> tuple[pd.DataFrame, npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Hand out on acute visits more packs than one fill may have; return lines, packs beyond, and packs."""
    lines = counted(stage, standing(stage, provider, span, OUTPATIENT))
    item = lines["item"].to_numpy()
    most = strictest_limits(stage.world.catalogue)["max_fill_quantity"].to_numpy(float)[item]
    category = stage.world.catalogue.items["category"].to_numpy()[item]
    fit = np.isin(category, ("western_drug", "chinese_patent_drug")) & (most < 30) & (rng.random(len(lines)) < share)
    fit &= stage.world.catalogue.items["in_scope"].to_numpy()[item] > 0
    lines, most = lines[fit], most[fit].astype(np.int64)
    packs = most + rng.integers(1, most + 2)
    if len(lines):
        billed = stage.lines(np.unique(lines["draft"].to_numpy()))
        place = billed.set_index("uid").index.get_indexer(lines["uid"].to_numpy())
        quantity = billed["quantity"].to_numpy().copy()
        quantity[place] = packs
        stage.revise(lines=billed.assign(quantity=quantity))
    return lines, packs - most, packs


def plant_twin(stage: Stage) -> None:
    """Name a place with long prescriptions and its patients; let those of another stock up before the holiday."""
    rng = stage.rng(_CODE, "twin")
    everywhen = (0, stage.world.calendar.n_days)
    provider = busy_host(stage, rng, "community", "township", "secondary")
    visits = standing(stage, provider, everywhen, CHRONIC)
    most = stage.lines(visits["draft"].to_numpy()).groupby("draft")["days_supply"].max()
    long = visits[np.isin(visits["draft"].to_numpy(), most.index[most >= _LONG_DAYS].to_numpy())]
    stage.truth.add_twins("provider", [provider], _CODE, _LONG)
    stage.truth.add_twins("patient", np.unique(long["person"].to_numpy()), _CODE, _LONG)
    other = busy_host(stage, rng, "community", "township", "secondary")
    _stock_up(stage, other)
    stage.truth.add_twins("provider", [other], _CODE, _HOLIDAY)


def _stock_up(stage: Stage, provider: int) -> None:
    """Let the regulars of a place fetch the most of one fill before the longest holiday, and nothing while it lasts."""
    calendar = stage.world.calendar
    off = calendar.holidays()
    if not len(off):
        return
    longest = off.groupby("name")["date"].agg(["count", "min"]).sort_values(["count", "min"]).iloc[-1]["min"]
    begins = (longest - calendar.first).days
    visits = standing(stage, provider, (begins - 14, begins - 1), CHRONIC).drop_duplicates("person")
    lines = stage.lines(visits["draft"].to_numpy())
    item, supply = lines["item"].to_numpy(), lines["days_supply"].to_numpy()
    most = strictest_limits(stage.world.catalogue)["max_fill_quantity"].to_numpy(float)[item]
    days = stage.world.catalogue.items["days_per_pack"].to_numpy(float)[item]
    on = (supply > 0) & ~np.isnan(most) & (lines["rx"].to_numpy() < 0) & (lines["quantity"].to_numpy() > 0)
    if not on.any():
        return
    packs = np.where(on, np.nan_to_num(most), lines["quantity"]).astype(np.int64)
    covered = np.where(on, np.nan_to_num(packs * days), supply).astype(np.int64)
    stage.revise(lines=lines.assign(quantity=packs, days_supply=covered))
    until = pd.Series(covered[on], index=lines["draft"].to_numpy()[on]).groupby(level=0).min()
    stocked = visits.assign(until=visits["start"] // DAY + until.reindex(visits["draft"]).to_numpy()).dropna()
    later = standing(stage, provider, (begins, calendar.n_days), CHRONIC)
    last = stocked.set_index("person")["until"].reindex(later["person"]).to_numpy(float)
    stage.drop(later["draft"].to_numpy()[later["start"].to_numpy() // DAY < last])


EARLY_REFILLS = Scheme(_CODE, 800, plant, plant_twin)
