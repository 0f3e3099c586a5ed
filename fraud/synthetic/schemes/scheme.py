"""What a scheme is: a code, its sizes, and the function that plants it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from fraud.synthetic.randomness import stream

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from fraud.synthetic.bills import Bills, Ledger
    from fraud.synthetic.presence import Presence
    from fraud.synthetic.truth import Truth
    from fraud.synthetic.world import World

SIZES = ("small", "medium", "large")
_DEFAULT_SIZES = ("medium", "large", "medium", "small")


@dataclass
class Stage:
    """The settled-in city while schemes are planted in it, one after the other.

    Attributes
    ----------
    world, presence
        Who lives there and who is where; schemes read them.
    ledger : Ledger
        All drafts so far; a scheme replaces it.
    truth : Truth
        What was planted.
    household : array
        Household number per person; a care home moves its residents in.
    busy : set of int
        Providers that already play a part, guilty or innocent: one part each.
    busy_persons : set of int
        Persons that do.
    """

    world: World
    presence: Presence
    ledger: Ledger
    truth: Truth
    household: npt.NDArray[np.int64]
    busy: set[int] = field(default_factory=set)
    busy_persons: set[int] = field(default_factory=set)

    def rng(self, code: str, part: str) -> np.random.Generator:
        """Return the random stream of one part of one scheme."""
        return stream(self.world.seed, f"scheme/{code}/{part}")

    def idle(self, *kinds: str) -> npt.NDArray[np.int64]:
        """Return the providers of these kinds that play no part yet."""
        among = self.world.places.of_kind(*kinds)
        return among[~np.isin(among, sorted(self.busy))]

    def idle_adults(self) -> npt.NDArray[np.int64]:
        """Return the living adults that play no part yet."""
        people = self.world.people
        fit = (people.age >= 25) & (people.death_day > self.world.calendar.n_days)
        fit[sorted(self.busy_persons)] = False
        return np.flatnonzero(fit)

    def window(self, rng: np.random.Generator) -> tuple[int, int]:
        """Draw the first and last day of a scheme: it starts in the first half and stops in the second."""
        n_days = self.world.calendar.n_days
        return int(rng.integers(0, max(1, int(n_days * 0.4)))), int(rng.integers(int(n_days * 0.72), n_days))

    def add(self, bills: Bills) -> npt.NDArray[np.int64]:
        """Add bills, leaving out who is in hospital or dead; return the drafts kept."""
        more = bills.ledger()
        visits = more.visits
        day = visits["start"].to_numpy() // 86_400
        free = self.presence.is_free(visits["person"].to_numpy(), day)
        free &= visits["settle"].to_numpy() < self.world.calendar.end
        draft = visits["draft"].to_numpy()
        self.ledger = self.ledger.joined(more.without(draft[~free]))
        kept: npt.NDArray[np.int64] = draft[free]
        return kept


@dataclass(frozen=True)
class Scheme:
    """A way to cheat, planted from how people do it.

    Attributes
    ----------
    code : str
        Typology code.
    name, name_zh : str
        Its name in the field.
    providers_each : int
        One planted instance per so many providers of the city, and at least one.
    plant : callable
        Plants one instance: `plant(stage, size, number)`.
    plant_twin : callable
        Plants or names the innocent look-alikes, once: `plant_twin(stage)`.
    """

    code: str
    name: str
    name_zh: str
    providers_each: int
    plant: Callable[[Stage, str, int], None]
    plant_twin: Callable[[Stage], None]

    def sizes(self, n_providers: int, size: str | None) -> tuple[str, ...]:
        """Sizes of the instances planted in a city of so many providers."""
        n = max(1, round(n_providers / self.providers_each))
        return tuple(size or _DEFAULT_SIZES[i % len(_DEFAULT_SIZES)] for i in range(n))
