"""Cards lent to relatives who have none: their holders are billed for what nobody of their sex or age can need."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.schemes.scheme import NoRoomError, Stage
from experiments.synthetic.world.clock import DAY

if TYPE_CHECKING:
    import numpy.typing as npt

CARDS = {"small": 4, "medium": 15, "large": 50}
_FEWEST_HOLDERS = 3


def holders(
    stage: Stage, rng: np.random.Generator, provider: int, n: int, *, fit: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """Draw idle adults whose cards are lent, neighbours of the provider first, and give them a part.

    Raises
    ------
    NoRoomError
        When hardly anyone is left.
    """
    adults = stage.idle_adults()
    adults = adults[fit[adults]]
    if len(adults) < _FEWEST_HOLDERS:
        raise NoRoomError("hardly anyone is left whose card could be lent")
    near = stage.world.people.township[adults] == stage.world.places.providers["township"].to_numpy()[provider]
    weight = 0.03 + near
    drawn: npt.NDArray[np.int64] = np.sort(
        rng.choice(adults, min(n, len(adults)), replace=False, p=weight / weight.sum())
    )
    stage.busy_persons.update(drawn.tolist())
    return drawn


def courses(
    rng: np.random.Generator, people: npt.NDArray[np.int64], span: tuple[int, int], *, apart: int, most: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return person, day and number of visits in a row: up to `most` each, `apart` days apart and some more."""
    first, last = span
    row = np.repeat(np.arange(len(people)), most)
    number = np.tile(np.arange(most), len(people))
    begin = rng.integers(first, max(first + 1, last - apart), len(people))
    day = begin[row] + number * (apart + rng.integers(0, 8, len(people)))[row]
    wanted = rng.integers(2, most + 1, len(people))
    kept = (day <= last) & (number < wanted[row])
    return people[row[kept]], day[kept], number[kept]


def note(
    stage: Stage, code: str, provider: int, kept: npt.NDArray[np.int64], limited: npt.NDArray[np.int64] | None = None
) -> None:
    """Note holders of lent cards and the visits on them, or of these the lines of items that no holder can need."""
    lines = stage.lines(kept)
    guilty = lines if limited is None else lines[np.isin(lines["item"].to_numpy(), limited)]
    if not len(guilty):
        raise NoRoomError("nobody could use a lent card")
    visits = stage.book.visits_of(np.unique(guilty["draft"].to_numpy()))
    day = visits["start"].to_numpy() // DAY
    n = len(np.unique(visits["person"].to_numpy()))
    reached = max((name for name in CARDS if CARDS[name] <= max(n, CARDS["small"])), key=CARDS.__getitem__)
    stage.truth.add_provider(provider, code, int(day.min()), int(day.max()), reached)
    stage.truth.add_patients(code, visits["person"].to_numpy(), day)
    if limited is None:
        stage.truth.add_settlements(code, visits["draft"].to_numpy())
    else:
        stage.truth.add_lines(code, guilty["draft"].to_numpy(), guilty["uid"].to_numpy())
