"""R12: a doctor's number signs at a second clinic while the doctor sees patients at the first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from experiments.synthetic.care.bills import CHRONIC, OUTPATIENT
from experiments.synthetic.schemes.parts.standing import standing
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.geography import on_a_plane

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE = "R12"
_VISITS = {"small": 5, "medium": 15, "large": 50}
_REACHED = (("large", 28), ("medium", 9), ("small", 0))
_KINDS = ("clinic", "village", "community", "township")
_APART = 15.0  # kilometres between the two places at the least
_ROAD, _AN_HOUR = 1.3, 60.0  # kilometres by road for one as the crow flies; driven in an hour
_TRIES = 60
_BOTH = "registered at both places: signs at the second hours after the last patient of the first"


class _Pair(NamedTuple):
    """A doctor, where the doctor works, the second place, and minutes of the way between them."""

    doctor: int
    home: int
    second: int
    minutes: float


def _pairs(stage: Stage, rng: np.random.Generator) -> list[_Pair]:
    """Return doctors of idle places and idle places far from theirs, busy ones rather than quiet ones."""
    staff, frame = stage.world.places.practitioners, stage.world.places.providers
    idle = stage.idle(*_KINDS)
    east, north = on_a_plane(frame["longitude"].to_numpy(), frame["latitude"].to_numpy())
    n_visits = np.bincount(stage.visits["provider"].to_numpy(), minlength=len(frame))
    fit = np.isin(staff["provider"].to_numpy(), idle) & (staff["role"].to_numpy() == "doctor")
    fit &= ~staff["is_team"].to_numpy(bool)
    doctors = rng.permutation(np.flatnonzero(fit))
    home = staff["provider"].to_numpy()[doctors]
    alone = n_visits[home] / np.maximum(frame["n_doctors"].to_numpy()[home], 1)
    found = []
    for place in np.argsort(-alone, kind="stable")[:_TRIES].tolist():
        apart = np.hypot(east[idle] - east[home[place]], north[idle] - north[home[place]])
        far = np.flatnonzero((apart >= _APART) & (idle != home[place]))
        if len(far):
            chosen = int(far[np.argmax(n_visits[idle[far]] * rng.random(len(far)))])
            minutes = apart[chosen] * _ROAD / _AN_HOUR * 60
            found.append(_Pair(int(doctors[place]), int(home[place]), int(idle[chosen]), float(minutes)))
    return found


def _signed_there(stage: Stage, pair: _Pair, span: tuple[int, int]) -> tuple[pd.DataFrame, npt.NDArray[np.float64]]:
    """Return the visits of the second place, and for each the minutes to the doctor's nearest one at home that day."""
    own = standing(stage, pair.home, span, OUTPATIENT, CHRONIC)
    own = np.sort(own["start"].to_numpy()[own["doctor"].to_numpy() == pair.doctor])
    there = standing(stage, pair.second, span, OUTPATIENT, CHRONIC)
    start = there["start"].to_numpy()
    if not len(own):
        return there, np.full(len(there), np.inf)
    after = np.searchsorted(own, start)
    near = np.minimum(
        np.abs(start - own[np.maximum(after - 1, 0)]), np.abs(own[np.minimum(after, len(own) - 1)] - start)
    )
    return there, near / 60


def _sign(stage: Stage, visits: pd.DataFrame, doctor: int) -> pd.DataFrame:
    """Write another doctor's number on visits; return their lines that bear it."""
    lines = stage.lines(visits["draft"].to_numpy())
    names = {name: np.where(lines[name].to_numpy() >= 0, doctor, -1) for name in ("prescriber", "executor")}
    stage.revise(visits=visits.assign(doctor=doctor), lines=lines.assign(**names))
    lines = stage.lines(visits["draft"].to_numpy())
    return lines[lines["prescriber"].to_numpy() == doctor]


def plant(stage: Stage, size: str, number: int) -> None:
    """Let a doctor's number sign where the doctor cannot be."""
    rng = stage.rng(_CODE, str(number))
    span, best, most = stage.window(rng), None, None
    for pair in _pairs(stage, rng):
        there, near = _signed_there(stage, pair, span)
        taken = there[near < pair.minutes]
        if most is None or len(taken) > len(most):
            best, most = pair, taken
        if len(taken) >= _VISITS[size]:
            break
    if best is None or most is None or len(most) < 2:
        raise NoRoomError("no two places are far apart and busy at once")
    taken = most.iloc[np.sort(rng.permutation(len(most))[: _VISITS[size]])]
    stage.busy.update({best.home, best.second})
    lines = _sign(stage, taken, best.doctor)
    day = taken["start"].to_numpy() // DAY
    reached = next(name for name, least in _REACHED if len(taken) >= least)
    reached = min(size, reached, key=list(_VISITS).index)
    stage.truth.add_provider(best.second, _CODE, int(day.min()), int(day.max()), reached)
    stage.truth.add_practitioners(_CODE, [best.doctor])
    stage.truth.add_lines(_CODE, lines["draft"].to_numpy(), lines["uid"].to_numpy())


def plant_twin(stage: Stage) -> None:
    """Let a doctor registered at two places see patients at the second hours after leaving the first."""
    rng = stage.rng(_CODE, "twin")
    for pair in _pairs(stage, rng):
        there, near = _signed_there(stage, pair, (0, stage.world.calendar.n_days))
        fine = there[np.isfinite(near) & (near > pair.minutes + 90) & (near < DAY / 60)]
        fine = fine[fine["start"].to_numpy() % DAY > 12 * HOUR]
        if len(fine) >= 4:
            stage.busy.update({pair.home, pair.second})
            _sign(stage, fine.head(30), pair.doctor)
            stage.truth.add_twins("practitioner", [pair.doctor], _CODE, _BOTH)
            return
    raise NoRoomError("no two places are far apart and busy at once")


TWO_JOBS = Scheme(_CODE, 800, plant, plant_twin)
