"""R12: the number of somebody who works at one place signs tests at another, at the same hours and far away."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, EMERGENCY, OUTPATIENT
from experiments.synthetic.care.travel import seconds_by_road
from experiments.synthetic.schemes.parts.standing import counted, standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage, size_reached
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.geography import on_a_plane

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "R12"
_LINES = {"small": 6, "medium": 20, "large": 70}
_REACHED = (("large", 35), ("medium", 12), ("small", 0))
_KINDS = ("community", "township", "secondary", "tertiary")
_VISITS = (OUTPATIENT, CHRONIC, EMERGENCY)
_APART = 15.0  # kilometres between the two places at the least
_TRIES = 25
_LATER = 90  # minutes beyond the way, for whoever works at both
_BOTH = "works at both places in turn: signs at the second hours after the last test at the first"


class _Pair(NamedTuple):
    """A technician, where the technician works, the second place, and minutes of the way between them."""

    who: int
    home: int
    second: int
    minutes: float


def _pairs(stage: Stage, rng: np.random.Generator) -> list[_Pair]:
    """Return technicians of idle places with an idle place far from theirs, those of busy places first."""
    staff, frame = stage.world.places.practitioners, stage.world.places.providers
    idle = stage.idle(*_KINDS)
    east, north = on_a_plane(frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    n_visits = np.bincount(stage.visits["provider"].to_numpy(), minlength=len(frame))
    fit = np.isin(staff["provider"].to_numpy(), idle) & (staff["role"].to_numpy() == "technician")
    people = rng.permutation(np.flatnonzero(fit))
    home = staff["provider"].to_numpy()[people]
    each = n_visits[home] / np.maximum(frame["n_technicians"].to_numpy()[home], 1)
    found = []
    for place in np.argsort(-each, kind="stable")[:_TRIES].tolist():
        apart = np.hypot(east[idle] - east[home[place]], north[idle] - north[home[place]])
        far = np.flatnonzero((apart >= _APART) & (idle != home[place]))
        if len(far):
            chosen = int(far[np.argmax(n_visits[idle[far]] * rng.random(len(far)))])
            minutes = float(seconds_by_road(apart)[chosen]) / 60
            found.append(_Pair(int(people[place]), int(home[place]), int(idle[chosen]), minutes))
    return found


def _tests(stage: Stage, provider: int, span: tuple[int, int]) -> pd.DataFrame:
    """Return the lines of a place's visits that a technician signs."""
    lines = counted(stage, standing(stage, provider, span, *_VISITS))
    signs = np.r_[(stage.world.places.practitioners["role"] == "technician").to_numpy(), False]
    return lines[signs[lines["executor"].to_numpy()]]


def _at_home(stage: Stage, home: int) -> pd.DataFrame:
    """Return all lines of a place, those of its wards and of bills that do not stand included."""
    visits = stage.visits
    return stage.lines(visits["draft"].to_numpy()[visits["provider"].to_numpy() == home])


def _there(
    stage: Stage, pair: _Pair, span: tuple[int, int], own: pd.DataFrame
) -> tuple[pd.DataFrame, npt.NDArray[np.float64]]:
    """Return the tests of the second place, and for each the minutes to the technician's nearest line among `own`."""
    own_time = np.sort(own["time"].to_numpy()[own["executor"].to_numpy() == pair.who])
    tests = _tests(stage, pair.second, span)
    time = tests["time"].to_numpy()
    if not len(own_time):
        return tests, np.full(len(tests), np.inf)
    after = np.searchsorted(own_time, time)
    before, behind = own_time[np.maximum(after - 1, 0)], own_time[np.minimum(after, len(own_time) - 1)]
    return tests, np.minimum(np.abs(time - before), np.abs(behind - time)) / 60


def _sign(stage: Stage, tests: pd.DataFrame, who: int) -> None:
    """Write another's number under tests."""
    lines = stage.lines(tests["draft"].to_numpy())
    executor = np.where(np.isin(lines["uid"].to_numpy(), tests["uid"].to_numpy()), who, lines["executor"].to_numpy())
    stage.revise(lines=lines.assign(executor=executor))


def plant(stage: Stage, size: str, number: int) -> None:
    """Let a technician's number sign where the technician cannot be."""
    rng = stage.rng(_CODE, str(number))
    span, best, most = stage.window(rng), None, None
    for pair in _pairs(stage, rng):
        tests, near = _there(stage, pair, span, _tests(stage, pair.home, span))
        taken = tests[near < pair.minutes]
        if most is None or len(taken) > len(most):
            best, most = pair, taken
        if len(taken) >= _LINES[size]:
            break
    if best is None or most is None or len(most) < _LINES["small"] // 2:
        raise NoRoomError("no two places are far apart and busy at once")
    taken = most.iloc[np.sort(rng.permutation(len(most))[: _LINES[size]])]
    stage.busy.update({best.home, best.second})
    _sign(stage, taken, best.who)
    day = taken["time"].to_numpy() // DAY
    reached = size_reached(size, len(taken), _REACHED)
    stage.truth.add_provider(best.second, _CODE, int(day.min()), int(day.max()), reached)
    stage.truth.add_practitioners(_CODE, [best.who])
    stage.truth.add_lines(_CODE, taken["draft"].to_numpy(), taken["uid"].to_numpy())


def plant_twin(stage: Stage) -> None:
    """Let a technician who works at two places sign at the second hours after leaving the first."""
    rng = stage.rng(_CODE, "twin")
    for pair in _pairs(stage, rng):
        tests, near = _there(stage, pair, (0, stage.world.calendar.n_days), _at_home(stage, pair.home))
        fine = tests[np.isfinite(near) & (near > pair.minutes + _LATER)]
        fine = fine[fine["time"].to_numpy() % DAY > 12 * HOUR]
        if len(fine) >= _LINES["small"]:
            stage.busy.update({pair.home, pair.second})
            _sign(stage, fine.head(_LINES["medium"]), pair.who)
            stage.truth.add_twins("practitioner", [pair.who], _CODE, _BOTH)
            return
    raise NoRoomError("no two places are far apart and busy at once")


TWO_JOBS = Scheme(_CODE, 800, plant, plant_twin)
