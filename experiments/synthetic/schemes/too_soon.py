"""H12: tests that need weeks or months between come at visit after visit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import CHRONIC, LINE_COLUMNS, OUTPATIENT
from experiments.synthetic.schemes.parts.standing import busy_host, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.limits import strictest_limits

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE = "H12"
_SHARES = {"small": 0.05, "medium": 0.2, "large": 0.6}  # of the patients that come again within the interval
_FEWEST = 5  # patients
_HOSTS = ("secondary", "township", "community")
_TESTS = ("甲状腺功能组合", "乙肝两对半")
_DUE = "tests again, but never before the interval has passed: a register of check-ups calls patients in"


def _visits(stage: Stage, provider: int, span: tuple[int, int]) -> pd.DataFrame:
    visits = standing(stage, provider, span, OUTPATIENT, CHRONIC)
    visits = visits[visits["doctor"].to_numpy() >= 0].sort_values(["person", "start"], kind="stable")
    return visits.assign(day=visits["start"] // DAY).drop_duplicates(["person", "day"])


def _tested_before(stage: Stage, person: npt.NDArray[np.int64], test: npt.NDArray[np.int64]) -> dict[int, list[int]]:
    """Return the days on which each person had the test that is meant for them, at whatever provider."""
    visits = stage.visits
    mine = visits[np.isin(visits["person"].to_numpy(), person)]
    lines = stage.lines(mine["draft"].to_numpy())
    lines = lines[np.isin(lines["item"].to_numpy(), test)]
    of = mine.set_index("draft")["person"].reindex(lines["draft"]).to_numpy()
    meant = lines["item"].to_numpy() == test[of % len(test)]
    days: dict[int, list[int]] = {}
    for who, day in zip(of[meant].tolist(), (lines["time"].to_numpy()[meant] // DAY).tolist(), strict=True):
        days.setdefault(who, []).append(day)
    return days


def _plan(stage: Stage, visits: pd.DataFrame, *, within: bool) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Choose the visits that get a test, and tell which of them comes too soon after the last.

    Nobody else's test may come too soon after one that is added, nor may the first of a row.
    """
    test = np.array([stage.world.catalogue.item(name) for name in _TESTS])
    least = strictest_limits(stage.world.catalogue)["min_days_between"].to_numpy(float)[test]
    known = _tested_before(stage, np.unique(visits["person"].to_numpy()), test)
    rows, soon = [], []
    last: dict[int, int] = {}
    for place, (who, day) in enumerate(zip(visits["person"].tolist(), visits["day"].tolist(), strict=True)):
        gap = int(least[who % len(test)])
        if any(abs(day - other) <= gap for other in known.get(who, [])):
            continue
        since = day - last.get(who, -10_000)
        if since == gap or (within and since > gap and who in last) or (not within and since <= gap):
            continue
        rows.append(place)
        soon.append(since < gap)
        last[who] = day
    return np.array(rows, np.int64), np.array(soon, bool)


def _order(stage: Stage, rng: np.random.Generator, visits: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Bill each person's test on visits; return the numbers of the lines."""
    test = np.array([stage.world.catalogue.item(name) for name in _TESTS])
    n = len(visits)
    columns = {name: np.full(n, default) for name, default in LINE_COLUMNS.items()}
    columns |= {
        "draft": visits["draft"].to_numpy(),
        "item": test[visits["person"].to_numpy() % len(test)],
        "time": visits["start"].to_numpy() + 600 + rng.integers(0, 900, n),
        "prescriber": visits["doctor"].to_numpy(),
    }
    return stage.append(pd.DataFrame(columns))


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one provider test the same patients again and again."""
    rng = stage.rng(_CODE, str(number))
    provider = busy_host(stage, rng, *_HOSTS, busier=0.85)
    visits = _visits(stage, provider, stage.window(rng))
    often = visits["person"].value_counts()
    people = np.sort(often.index[often > 1].to_numpy())
    n = max(_FEWEST, round(len(people) * _SHARES[size] * rng.uniform(0.85, 1.15)))
    chosen = rng.permutation(people)[:n]
    visits = visits[np.isin(visits["person"].to_numpy(), chosen)]
    rows, soon = _plan(stage, visits, within=True)
    if not soon.any():
        raise NoRoomError("no provider to which people come again soon is left")
    tested = visits.iloc[rows]
    uid = _order(stage, rng, tested.drop(columns="day"))
    day = tested["day"].to_numpy()[soon]
    stage.truth.add_provider(provider, _CODE, int(day.min()), int(day.max()), size)
    stage.truth.add_lines(_CODE, tested["draft"].to_numpy()[soon], uid[soon])


def plant_twin(stage: Stage) -> None:
    """Let one provider test as often as the interval allows, and no oftener."""
    rng = stage.rng(_CODE, "twin")
    provider = busy_host(stage, rng, *_HOSTS)
    visits = _visits(stage, provider, (0, stage.world.calendar.n_days))
    visits = visits[visits["person"].to_numpy() % 3 == 1]
    rows, _ = _plan(stage, visits, within=False)
    if len(rows):
        _order(stage, rng, visits.iloc[rows].drop(columns="day"))
    stage.truth.add_twins("provider", [provider], _CODE, _DUE)


TOO_SOON = Scheme(_CODE, 800, plant, plant_twin)
