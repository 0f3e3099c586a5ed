"""Stays that go on in the books after the patient has gone home: the bed fee runs, nothing else happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import INPATIENT, LINE_COLUMNS
from experiments.synthetic.schemes.parts.stays import free_between
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.scheme import Stage

_NIGHTS = (4, 15)  # stays that can be prolonged without standing out by their length


def can_go_on(stage: Stage, rng: np.random.Generator, hospital: int, span: tuple[int, int]) -> pd.DataFrame:
    """Return stays of a hospital, begun in a span of days, that could go on, with how many nights: column `more`."""
    visits, calendar = stage.visits, stage.world.calendar
    stays = visits[(visits["encounter"] == INPATIENT).to_numpy() & (visits["provider"] == hospital).to_numpy()]
    start_day, end_day = stays["start"].to_numpy() // DAY, stays["end"].to_numpy() // DAY
    nights = end_day - start_day
    fit = (nights >= _NIGHTS[0]) & (nights <= _NIGHTS[1]) & (start_day >= span[0]) & (start_day <= span[1])
    fit &= ~stays["is_dead"].to_numpy(bool) & ~stays["is_planned"].to_numpy(bool) & (stays["surgery"] < 0).to_numpy()
    fit &= (stays["reverses"] < 0).to_numpy() & (stays["same_encounter_as"] < 0).to_numpy()
    fit &= ~np.isin(stays["draft"].to_numpy(), visits["same_encounter_as"].to_numpy())
    person = stays["person"].to_numpy()
    fit &= ~np.isin(person, sorted(stage.busy_persons))
    more = np.maximum(4, np.rint(nights * rng.uniform(0.95, 1.6, len(stays))) + 1).astype(np.int64)
    fit &= free_between(stage, person, end_day + 2, end_day + more, visits_too=False)
    fit &= stays["settle"].to_numpy() + more * DAY < calendar.end
    found = stays.assign(more=more)[fit]
    return found[~found["person"].duplicated().to_numpy()].reset_index(drop=True)


def prolong(stage: Stage, rng: np.random.Generator, stays: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Let the bed be charged for `more` nights and discharge the patient after them.

    Parameters
    ----------
    stage : Stage
        The city; the stays are revised.
    rng : Generator
        Of the scheme.
    stays : DataFrame
        Rows of `can_go_on`.

    Returns
    -------
    array
        uids of the bed fees added.
    """
    draft, more = stays["draft"].to_numpy(), stays["more"].to_numpy()
    old_end = stays["end"].to_numpy()
    lines = stage.lines(draft)
    row = pd.Series(np.arange(len(stays)), index=draft).reindex(lines["draft"]).to_numpy()
    # What was given to take home, and what took it back, waits for the discharge on paper.
    home = lines["is_discharge_drug"].to_numpy(bool)
    home = home | np.isin(lines["cancels"].to_numpy(), lines["uid"].to_numpy()[home])
    lines = lines.assign(time=lines["time"].to_numpy() + np.where(home, more[row] * DAY, 0))
    of = np.repeat(np.arange(len(stays)), more)
    night = np.arange(len(of)) - np.repeat(np.cumsum(more) - more, more)
    time = (old_end[of] // DAY + night) * DAY + 20 * HOUR + rng.integers(0, 2_400, len(of))
    bed = stage.world.catalogue.item("普通床位费")
    fees = {**LINE_COLUMNS, "draft": draft[of], "item": bed, "time": time, "prescriber": stays["doctor"].to_numpy()[of]}
    visits = stays.drop(columns="more").assign(end=old_end + more * DAY, settle=stays["settle"].to_numpy() + more * DAY)
    stage.revise(visits=visits, lines=pd.concat([lines, pd.DataFrame({**fees, "uid": -1})], ignore_index=True))
    now = stage.lines(draft)
    added = ~np.isin(now["uid"].to_numpy(), lines["uid"].to_numpy())
    uids: npt.NDArray[np.int64] = now["uid"].to_numpy()[added]
    return uids
