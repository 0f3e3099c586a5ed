"""Nobody is at two places at once: of visits too close in time for the way between them, the later is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.world.clock import DAY, HOUR
from experiments.synthetic.world.geography import on_a_plane

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.bills import Ledger
    from experiments.synthetic.world.world import World

_ROAD = 1.3  # kilometres by road for one as the crow flies
_AN_HOUR = 60  # kilometres: by bus or car, with the way to the door


def reached(world: World, ledger: Ledger) -> Ledger:
    """Leave out each visit to which the person could not have come in time from the last one made that day."""
    visits = ledger.visits
    goes = ~visits["is_stay"].to_numpy(bool) & ~visits["is_proxy"].to_numpy(bool)
    visits = visits[goes]
    person, settle, provider = (visits[name].to_numpy() for name in ("person", "settle", "provider"))
    day = visits["start"].to_numpy() // DAY
    draft = visits["draft"].to_numpy()
    made = np.lexsort((draft, settle, day, person))
    while True:
        before, after = made[:-1], made[1:]
        same_day = (person[before] == person[after]) & (day[before] == day[after])
        late = same_day & (settle[after] - settle[before] < _seconds(world, provider[before], provider[after]))
        if not late.any():
            return ledger.without(np.setdiff1d(draft, draft[made]))
        # Of late visits in a row only the first: without it the next may be in time.
        first = late & ~np.r_[False, late[:-1]]
        made = made[np.r_[True, ~first]]


def _seconds(world: World, one: npt.NDArray[np.int64], other: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Return the seconds that the way between providers takes."""
    places = world.places.providers
    east, north = on_a_plane(places["longitude"].to_numpy(), places["latitude"].to_numpy())
    apart = np.hypot(east[one] - east[other], north[one] - north[other])
    return seconds_by_road(apart)


def seconds_by_road(kilometres: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Return the seconds that ways of so many kilometres as the crow flies take."""
    return kilometres * _ROAD / _AN_HOUR * HOUR
