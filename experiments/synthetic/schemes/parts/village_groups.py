"""Groups of elderly villagers who are taken to one hospital together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from experiments.synthetic.schemes.parts.stays import free_between, free_persons
from experiments.synthetic.world.clock import DAY, HOUR

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.schemes.scheme import Stage

_TOWNSHIPS = 3  # neighbouring townships that one van reaches
_AFTER_DAYS = (40, 85)  # before the same companions come again
_LONGEST = 11  # nights
_SHORTEST_TO_MISS = 4  # nights; a shorter stay has no first day to miss
_BETWEEN_TRIPS = 2  # days: one van, and a ward that must take them all in
_TRIES = 6  # days tried for each group; villages run out of people who are free


@dataclass(frozen=True)
class Groups:
    """One element per person and stay.

    Attributes
    ----------
    person, group, start, end : array
        Who, in which group, seconds of admission and discharge.
    """

    person: npt.NDArray[np.int64]
    group: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    end: npt.NDArray[np.int64]

    @property
    def nights(self) -> npt.NDArray[np.int64]:
        """Nights of each stay."""
        return self.end // DAY - self.start // DAY


def villagers(stage: Stage, rng: np.random.Generator, hospital: int, *, from_age: int) -> npt.NDArray[np.int64]:
    """Return the idle elderly of some neighbouring townships within reach of a hospital."""
    geography, providers = stage.world.geography, stage.world.places.providers
    longitude, latitude = (geography.townships[c].to_numpy() for c in ("longitude", "latitude"))
    point = [providers[c].to_numpy()[[hospital]] for c in ("longitude", "latitude")]
    by_distance = np.argsort(geography.kilometres(*point)[:, 0])
    home = int(rng.choice(by_distance[: max(3, len(by_distance) // 2)]))
    near = np.argsort(geography.kilometres(longitude[[home]], latitude[[home]])[:, 0])[:_TOWNSHIPS]
    people, idle = stage.world.people, stage.idle_adults()
    return idle[np.isin(people.township[idle], near) & (people.age[idle] >= from_age)]


def gather(
    stage: Stage,
    rng: np.random.Generator,
    candidates: npt.NDArray[np.int64],
    *,
    n_stays: int,
    span: tuple[int, int],
    members: tuple[int, int],
    nights: tuple[int, int],
    again: float,
) -> Groups:
    """Gather groups until enough stays are found, or nobody is left.

    Parameters
    ----------
    stage : Stage
        The city; nothing is changed.
    rng : Generator
        Of the scheme.
    candidates : array
        Persons who may be taken along, each in one group.
    n_stays : int
        Stays wanted in all.
    span : tuple of int
        First and last day of admission.
    members, nights : tuple of int
        Least and largest size of a group, and nights of its stays.
    again : float
        Share of groups that come a second time, with nearly the same companions.
    """
    calendar, township = stage.world.calendar, stage.world.people.township
    last_day = min(span[1], calendar.n_days - _LONGEST - 2)
    found: list[tuple[npt.NDArray[np.int64], int, int]] = []
    total = 0
    for _ in range(_TRIES * n_stays):
        if total >= n_stays or not len(candidates) or span[0] >= last_day:
            break
        weight = calendar.attendance("admission")[span[0] : last_day + 1]
        day = span[0] + int(rng.choice(len(weight), p=weight / weight.sum()))
        if any(abs(day - other) < _BETWEEN_TRIPS for _, other, _ in found):
            continue
        length = int(rng.integers(nights[0], nights[1] + 1))
        free = free_persons(stage, rng, candidates, day, day + length)
        village = township[free] == township[free[0]] if len(free) else np.zeros(0, bool)
        size = min(int(rng.integers(members[0], members[1] + 1)), n_stays - total)
        taken = np.sort(free[village][:size])
        if len(taken) < min(members[0], size):
            continue
        candidates = np.setdiff1d(candidates, taken)
        found.append((taken, day, length))
        total += len(taken)
        back = day + int(rng.integers(_AFTER_DAYS[0], _AFTER_DAYS[1] + 1))
        if rng.random() < again and back <= last_day:
            companions = taken[rng.random(len(taken)) < 0.9]
            companions = companions[free_between(stage, companions, back, back + length)][: n_stays - total]
            found.append((companions, back, length))
            total += len(companions)
    return _with_hours(rng, found)


def _with_hours(rng: np.random.Generator, found: list[tuple[npt.NDArray[np.int64], int, int]]) -> Groups:
    """One van brings them, a few come a day later; all leave on one morning."""
    person, group, start, end = ([np.zeros(0, np.int64)] for _ in range(4))
    for number, (who, day, length) in enumerate(found):
        n = len(who)
        arrival = day * DAY + int(rng.uniform(8.6, 11.0) * HOUR) + rng.integers(0, 45 * 60, n)
        late = (rng.random(n) < (0.12 if length >= _SHORTEST_TO_MISS else 0.0)) * DAY
        leave = (day + length) * DAY + int(rng.uniform(9.3, 10.8) * HOUR) + rng.integers(0, 40 * 60, n)
        person.append(who)
        group.append(np.full(n, number))
        start.append(arrival + late)
        end.append(leave)
    return Groups(*(np.concatenate(part) for part in (person, group, start, end)))
