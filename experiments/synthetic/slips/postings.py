"""Late postings: care that seems to follow a death, a discharge that seems to follow the next admission."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.slips.open_to import luck
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import pandas as pd

    from experiments.synthetic.schemes import Stage

_BEFORE_DEATH = 12  # days in which care may be posted only after it
_POSTED_AFTER = 0.5  # share of the last visits of those days
_LATEST = 3  # days
_CLOSE_STAYS = 3  # days from one discharge to the next admission
_POSTED_LATE = 0.4  # share of the stays so close to the next
_AFTER_DEATH = "the day of posting was written as the day of service: the patient had died meanwhile"
_OVERLAP = "the discharge was posted with the morning after the next admission"


def post_after_death(stage: Stage, visits: pd.DataFrame) -> None:
    """Date the last visit of some who died to the day on which it was posted."""
    death = stage.world.people.death_day[visits["person"].to_numpy()]
    day = visits["start"].to_numpy() // DAY
    last = visits[(death - day > 0) & (death - day <= _BEFORE_DEATH)]
    last = last.sort_values(["person", "start"]).drop_duplicates("person", keep="last")
    last = last[~np.isin(last["draft"].to_numpy(), stage.prescriptions["draft"].to_numpy())]
    last = last[luck(stage, last, "death") < _POSTED_AFTER]
    death = stage.world.people.death_day[last["person"].to_numpy()]
    moved = death + 1 + (_LATEST * luck(stage, last, "death/later")).astype(np.int64)
    shift = (moved - last["start"].to_numpy() // DAY) * DAY
    fits = last["settle"].to_numpy() + shift < stage.world.calendar.end
    last, shift = last[fits], shift[fits]
    if not len(last):
        return
    lines = stage.lines(last["draft"].to_numpy())
    order = np.argsort(last["draft"].to_numpy())
    row = order[np.searchsorted(last["draft"].to_numpy()[order], lines["draft"].to_numpy())]
    times = {name: last[name].to_numpy() + shift for name in ("start", "end", "settle")}
    stage.revise(visits=last.assign(**times), lines=lines.assign(time=lines["time"].to_numpy() + shift[row]))
    stage.truth.add_slips("posted_after_death", last["draft"].to_numpy(), None, _AFTER_DEATH)


def post_discharges_late(stage: Stage, stays: pd.DataFrame) -> None:
    """Let some discharges be posted so late that the stay seems to overlap the next by a night."""
    stays = stays.sort_values(["person", "start"], kind="stable")
    person, start, end = (stays[name].to_numpy() for name in ("person", "start", "end"))
    if len(stays) < 2:
        return
    again = np.r_[person[1:] == person[:-1], False]
    following = np.r_[start[1:], 0]
    gap = following // DAY - end // DAY
    chosen = again & (gap >= 0) & (gap <= _CLOSE_STAYS) & (luck(stage, stays, "discharge") < _POSTED_LATE)
    chosen &= ~stays["is_dead"].to_numpy(bool)
    late = (following // DAY + 1) * DAY + 9 * HOUR
    chosen &= late < stage.world.calendar.end - DAY
    chosen &= late < np.r_[end[1:], 0]
    if not chosen.any():
        return
    mine = stays[chosen]
    settle = np.maximum(mine["settle"].to_numpy(), late[chosen] + HOUR)
    stage.revise(visits=mine.assign(end=late[chosen], settle=settle))
    stage.truth.add_slips("late_discharge", mine["draft"].to_numpy(), None, _OVERLAP)
    next_one = stays["draft"].to_numpy()[np.flatnonzero(chosen) + 1]
    stage.truth.add_slips("late_discharge", next_one, None, _OVERLAP)
