"""H28: a place goes on billing after its agreement with the insurer has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.care.bills import EMERGENCY
from experiments.synthetic.schemes.parts.standing import busy_host, counted
from experiments.synthetic.schemes.scheme import NoRoomError, Scheme, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

_CODE, _WAY = "H28", "ended agreement"
_PLACES = {"small": 1, "medium": 1, "large": 2}
_GOES_ON = {"small": (8, 15), "medium": (25, 45), "large": (60, 90)}  # days after the end
_HOSTS = ("clinic", "pharmacy", "community")
_EARLIEST, _LATEST = 0.3, 0.5  # of the window, when agreements end
_TWIN_HOSTS = ("township", "secondary")
_IN_ORDER = "after the end of the agreement only emergencies, and the stays that had begun under it"


def _of(stage: Stage, provider: int) -> pd.DataFrame:
    visits = stage.visits
    return visits[visits["provider"].to_numpy() == provider]


def _end(stage: Stage, provider: int, day: int, *, goes_on: int, spared: tuple[int, ...] = ()) -> pd.DataFrame:
    """End an agreement, and some days later what goes on without it; return what was begun after it and stands.

    Parameters
    ----------
    stage, provider, day : Stage, int, int
        Whose agreement, and its last day.
    goes_on : int
        Days after the end on which it still bills.
    spared : tuple of int
        Kinds of care that may go on for good.
    """
    stage.register.agreement_end[provider] = day
    mine = _of(stage, provider)
    begun = mine["start"].to_numpy() // DAY
    over = (begun > day + goes_on) & ~np.isin(mine["encounter"].to_numpy(), spared)
    stage.drop(mine["draft"].to_numpy()[over])
    stage.drop(_unseen(stage, provider, day + goes_on))
    mine = _of(stage, provider)
    after: npt.NDArray[np.bool_] = mine["start"].to_numpy() // DAY > day
    # A bill that is reversed pays nothing, and what stands in its place is a bill of its own.
    reversed_ones = mine["same_encounter_as"].to_numpy()[mine["reverses"].to_numpy() >= 0]
    after &= (mine["reverses"].to_numpy() < 0) & ~np.isin(mine["draft"].to_numpy(), reversed_ones)
    return mine[after]


def _unseen(stage: Stage, provider: int, day: int) -> npt.NDArray[np.int64]:
    """Return the bills that fill what the provider would have prescribed after a day, at visits that are no more."""
    scripts = stage.prescriptions
    scripts = scripts[(scripts["issuer"].to_numpy() == provider) & (scripts["issue_time"].to_numpy() // DAY > day)]
    seen = scripts[["draft", "person", "issue_time"]].merge(
        _of(stage, provider)[["person", "start", "end"]], on="person"
    )
    issued = seen["issue_time"].to_numpy() // DAY
    at_visit = (seen["start"].to_numpy() // DAY <= issued) & (issued <= seen["end"].to_numpy() // DAY)
    others = scripts["person"].isin(stage.busy_persons).to_numpy()  # what schemes have planted on them stays
    unseen: npt.NDArray[np.int64] = np.setdiff1d(
        scripts["draft"].to_numpy()[~others], seen["draft"].to_numpy()[at_visit]
    )
    return unseen[unseen >= 0]


def plant(stage: Stage, size: str, number: int) -> None:
    """Let some small places go on after the end of their agreements; what the benefit does not cover is no matter."""
    rng = stage.rng(_CODE, f"{_WAY}/{number}")
    n_days, found = stage.world.calendar.n_days, 0
    for _ in range(_PLACES[size]):
        place = busy_host(stage, rng, *_HOSTS)
        day = int(n_days * rng.uniform(_EARLIEST, _LATEST))
        wrong = _end(stage, place, day, goes_on=int(rng.integers(*_GOES_ON[size])))
        if not len(wrong):
            continue
        found += 1
        first = wrong["start"].to_numpy() // DAY
        stage.truth.add_provider(place, _CODE, int(first.min()), int(first.max()), size)
        lines = counted(stage, wrong)
        paid = lines[stage.world.catalogue.items["in_scope"].to_numpy()[lines["item"].to_numpy()] > 0]
        stage.truth.add_lines(_CODE, paid["draft"].to_numpy(), paid["uid"].to_numpy())
    if not found:
        raise NoRoomError("no small place with business enough is left")


def plant_twin(stage: Stage) -> None:
    """Let one hospital keep to the end of its agreement."""
    rng = stage.rng(_CODE, f"{_WAY}/twin")
    hospital = busy_host(stage, rng, *_TWIN_HOSTS)
    day = int(stage.world.calendar.n_days * rng.uniform(0.7, 0.85))
    _end(stage, hospital, day, goes_on=0, spared=(EMERGENCY,))
    stage.truth.add_twins("provider", [hospital], _CODE, _IN_ORDER)


ENDED_AGREEMENTS = Scheme(_CODE, 800, plant, plant_twin, way=_WAY)
