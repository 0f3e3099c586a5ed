"""Bills that stand: forward, taken back or repeated by nothing; and providers with enough of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.schemes.scheme import NoRoomError, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd


def standing(stage: Stage, provider: int, span: tuple[int, int], *encounters: int) -> pd.DataFrame:
    """Return the visits of a provider that begin in a span of days and on which nothing hangs.

    Parameters
    ----------
    stage : Stage
        The city.
    provider : int
        Place number.
    span : tuple of int
        First and last day.
    *encounters : int
        Kinds of care that will do; all of them when none is given.
    """
    visits = stage.visits
    day, hanging = visits["start"].to_numpy() // DAY, visits["same_encounter_as"].to_numpy()
    mine = (visits["provider"].to_numpy() == provider) & (day >= span[0]) & (day <= span[1])
    mine &= (visits["reverses"].to_numpy() < 0) & (hanging < 0)
    mine &= ~np.isin(visits["draft"].to_numpy(), hanging)
    if encounters:
        mine &= np.isin(visits["encounter"].to_numpy(), encounters)
    return visits[mine]


def counted(stage: Stage, visits: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of visits that count: neither refunds nor refunded in part."""
    lines = stage.lines(visits["draft"].to_numpy())
    refunded = np.isin(lines["uid"].to_numpy(), lines["cancels"].to_numpy())
    return lines[(lines["quantity"].to_numpy() > 0) & (lines["cancels"].to_numpy() < 0) & ~refunded]


def busy_host(
    stage: Stage, rng: np.random.Generator, *kinds: str, busier: float = 0.5, encounter: int | None = None
) -> int:
    """Draw an idle provider among the busier ones, that there be enough to tamper with.

    Parameters
    ----------
    stage, rng : Stage, Generator
        The city and the luck.
    *kinds : str
        Kinds of provider that will do.
    busier : float
        Share of the idle ones that are too quiet.
    encounter : int, optional
        Kind of care that makes them busy; any when absent.

    Raises
    ------
    NoRoomError
        When every provider of these kinds plays a part already.
    """
    idle = stage.idle(*kinds)
    if not len(idle):
        raise NoRoomError(f"no {' or '.join(kinds)} is left")
    volume = volumes(stage, encounter)[idle]
    return stage.host(rng, *kinds, among=idle[volume >= np.quantile(volume, busier)])


def volumes(stage: Stage, encounter: int | None = None) -> npt.NDArray[np.int64]:
    """Count the drafts of each provider, of one kind of care if given."""
    where = stage.visits["provider"].to_numpy()
    if encounter is not None:
        where = where[stage.visits["encounter"].to_numpy() == encounter]
    return np.bincount(where, minlength=len(stage.world.places.providers))
