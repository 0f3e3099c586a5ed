"""H36: a dialysis centre bills sessions that nobody had.

Some stand on days off of its own patients, whose weeks are full already; some in the names of patients of other
centres, on the evening of a day on which they lay on the machine there. No dialyser is opened for either.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.schemes.parts.dialysis import bill_sessions, centre_of, sessions_of
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage, size_reached
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import pandas as pd

_CODE = "H36"
_SESSIONS = {"small": 6, "medium": 20, "large": 60}
_REACHED = (("large", 35), ("medium", 11), ("small", 0))
_OF_OTHERS = 0.3  # share of the sessions in the names of other centres' patients
_FULL, _FORTNIGHT = 6, 14  # sessions of two weeks, and their days
_MADE_UP = "sessions missed, or moved by a holiday, are made up within the week"


def _days_off(sessions: pd.DataFrame) -> pd.DataFrame:
    """Return days after sessions on which nothing is due, in weeks that are full: a missed session could be made up."""
    due = set(zip(sessions["person"], sessions["day"], strict=True))
    free = sessions.assign(day=sessions["day"] + 1)
    off = np.array([key not in due for key in zip(free["person"], free["day"], strict=True)], bool)
    before = np.array(
        [
            sum((who, day - back) in due for back in range(1, _FORTNIGHT))
            for who, day in zip(free["person"], free["day"], strict=True)
        ]
    )
    return free[off & (before >= _FULL)]


def plant(stage: Stage, size: str, number: int) -> None:
    """Let one centre bill sessions on days off, and sessions of other centres' patients."""
    rng = stage.rng(_CODE, str(number))
    sessions = sessions_of(stage)
    centre = centre_of(stage, rng, sessions)
    first, last = stage.window(rng)
    within = (sessions["day"].to_numpy() >= first) & (sessions["day"].to_numpy() < last)
    mine = sessions["provider"].to_numpy() == centre
    off = _days_off(sessions[mine])
    off = off[(off["day"] >= first) & (off["day"] <= last)]
    n_own = min(round((1 - _OF_OTHERS) * _SESSIONS[size]), len(off))
    own = off.iloc[np.sort(rng.permutation(len(off))[:n_own])]
    others = sessions[within & ~mine]
    n_others = min(_SESSIONS[size] - n_own, len(others))
    guests = others.iloc[np.sort(rng.permutation(len(others))[:n_others])]
    drafts = [
        bill_sessions(
            stage,
            rng,
            f"{_CODE}/{number}/{what}",
            days.assign(time=days["day"] * DAY + int(hour * HOUR)),
            centre=centre,
            consumables=False,
        )
        for what, days, hour in (("own", own, 7.6), ("guest", guests, 18.5))
        if len(days)
    ]
    kept = stage.visits[np.isin(stage.visits["draft"].to_numpy(), np.concatenate([np.zeros(0, np.int64), *drafts]))]
    if not len(kept):
        raise NoRoomError("no centre with dialysis is left")
    day = kept["start"].to_numpy() // DAY
    reached = size_reached(size, len(kept), _REACHED)
    stage.truth.add_provider(centre, _CODE, int(day.min()), int(day.max()), reached)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), day)
    stage.busy_persons.update(kept["person"].tolist())


def plant_twin(stage: Stage) -> None:
    """Let one centre make up the sessions that its patients missed."""
    rng = stage.rng(_CODE, "twin")
    sessions = sessions_of(stage)
    centre = centre_of(stage, rng, sessions)
    mine = sessions[sessions["provider"].to_numpy() == centre]
    person, day = mine["person"].to_numpy(), mine["day"].to_numpy()
    gap = np.where(np.r_[person[1:] == person[:-1], False], np.r_[day[1:], 0] - day, 0)
    missed = mine.assign(day=day + gap - 1)[(gap >= 4) & (gap <= 5)]
    missed = missed.assign(time=missed["day"] * DAY + int(7.6 * HOUR))
    if not len(missed) or not len(bill_sessions(stage, rng, f"{_CODE}/twin", missed, centre=centre)):
        raise NoRoomError("no centre with a session to make up is left")
    stage.truth.add_twins("provider", [centre], _CODE, _MADE_UP)


PADDED_DIALYSIS = Scheme(_CODE, 800, plant, plant_twin)
