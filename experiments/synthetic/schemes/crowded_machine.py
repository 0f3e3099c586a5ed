"""H36: a dialysis centre bills more sessions on one machine than a day can hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import CHRONIC
from experiments.synthetic.care.chronic import MACHINES
from experiments.synthetic.schemes.parts.dialysis import bill_sessions, sessions_of
from experiments.synthetic.schemes.parts.standing import counted, standing
from experiments.synthetic.schemes.parts.stays import free_between
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

_CODE, _WAY = "H36", "crowded machine"
_DAYS = {"small": 1, "medium": 4, "large": 12}
_A_DAY = (7, 13)  # sessions on the one machine, of four hours each, in the names of people who never had one
_HOSTS = ("secondary", "township", "tertiary")
_FEWEST_CENTRES = 4  # that look-alikes leave one to each of the ways
_OLD = 40  # years
_ONE_NUMBER = "its system writes one number for all machines of the centre"


def _cards(stage: Stage, rng: np.random.Generator, days: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Draw idle people past forty to whom nothing happens on these days."""
    adults = stage.idle_adults()
    adults = adults[stage.world.people.age[adults] >= _OLD]
    free = np.ones(len(adults), bool)
    for day in days.tolist():
        free &= free_between(stage, adults, day, day)
    adults = rng.permutation(adults[free])[: _A_DAY[1] + 3]
    if len(adults) < _A_DAY[1]:
        raise NoRoomError("hardly any adult is left")
    stage.busy_persons.update(adults.tolist())
    return adults


def plant(stage: Stage, size: str, number: int) -> None:
    """Bill sessions of people who are not ill on one machine of a centre."""
    rng = stage.rng(_CODE, f"{_WAY}/{number}")
    centre = stage.host(rng, *_HOSTS, among=np.unique(sessions_of(stage)["provider"].to_numpy()))
    first, last = stage.window(rng)
    days = np.sort(rng.choice(np.arange(first, last), min(_DAYS[size], last - first), replace=False))
    cards = _cards(stage, rng, days)
    each = rng.integers(*_A_DAY, len(days))
    person = np.concatenate([rng.choice(cards, n, replace=False) for n in each.tolist()])
    day, turn = np.repeat(days, each), np.concatenate([np.arange(n) for n in each.tolist()])
    # Posted one after the other, as if in shifts.
    time = day * DAY + ((7.3 + 1.4 * turn) * HOUR).astype(np.int64) + rng.integers(0, 1_800, len(day))
    posted = pd.DataFrame({"person": person, "time": time, "machine": int(rng.integers(MACHINES))})
    kept = stage.book.visits_of(bill_sessions(stage, rng, f"{_CODE}/{_WAY}/{number}", posted, centre=centre))
    if not len(kept):
        raise NoRoomError("hardly any adult is left")
    begun = kept["start"].to_numpy() // DAY
    stage.truth.add_provider(centre, _CODE, int(begun.min()), int(begun.max()), size)
    stage.truth.add_settlements(_CODE, kept["draft"].to_numpy())
    stage.truth.add_patients(_CODE, kept["person"].to_numpy(), begun)


def plant_twin(stage: Stage) -> None:
    """Let one centre write one number for all of its machines."""
    rng = stage.rng(_CODE, f"{_WAY}/twin")
    sessions = sessions_of(stage)
    idle, n = np.unique(sessions["provider"].to_numpy(), return_counts=True)
    idle, n = (part[np.isin(idle, stage.idle(*_HOSTS))] for part in (idle, n))
    if len(idle) < _FEWEST_CENTRES:
        raise NoRoomError("hardly any centre with dialysis is left")
    centre = stage.host(rng, *_HOSTS, among=idle[2 * n >= n.max()])
    mine = standing(stage, centre, (0, stage.world.calendar.n_days), CHRONIC)
    lines = counted(stage, mine)
    on = np.unique(lines["draft"].to_numpy()[lines["device"].to_numpy() >= 0])
    if not len(on):
        raise NoRoomError("no centre with dialysis is left")
    lines = stage.lines(on)
    device = np.where(lines["device"].to_numpy() >= 0, 0, lines["device"].to_numpy())
    stage.revise(lines=lines.assign(device=device))
    stage.truth.add_twins("provider", [centre], _CODE, _ONE_NUMBER)


CROWDED_MACHINE = Scheme(_CODE, 800, plant, plant_twin, way=_WAY)
