"""Where schemes are planted: the settled-in city, and all that may be done to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from features.errors import ToolkitError
from fraud.synthetic.bills import Ledger
from fraud.synthetic.clock import DAY
from fraud.synthetic.presence import Presence
from fraud.synthetic.randomness import stream

if TYPE_CHECKING:
    import numpy.typing as npt

    from fraud.synthetic.bills import Bills
    from fraud.synthetic.truth import Truth
    from fraud.synthetic.world import World


class NoRoomError(ToolkitError):
    """No provider is left that could host a scheme."""


@dataclass
class Stage:
    """The settled-in city while schemes are planted in it, one after the other.

    Attributes
    ----------
    world, presence
        Who lives there and who is where; schemes read them.
    ledger : Ledger
        All drafts so far.
    truth : Truth
        What was planted.
    household : array
        Household number per person; a care home moves its residents in.
    busy : set of int
        Providers that already play a part, guilty or innocent: one part each.
    busy_persons : set of int
        Persons that do.
    contracts : list
        Family-doctor contracts to add: person, provider, team, first and last day.
    leaves : list
        Leave ordered during stays: draft, first and last day.
    teams : set of int
        Practitioners registered as the identifier of a team.
    """

    world: World
    presence: Presence
    ledger: Ledger
    truth: Truth
    household: npt.NDArray[np.int64]
    busy: set[int] = field(default_factory=set)
    busy_persons: set[int] = field(default_factory=set)
    contracts: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    leaves: list[tuple[int, int, int]] = field(default_factory=list)
    teams: set[int] = field(default_factory=set)

    @property
    def visits(self) -> pd.DataFrame:
        """One row per draft of a settlement of the whole window; to be read only."""
        return self.ledger.visits

    @property
    def prescriptions(self) -> pd.DataFrame:
        """One row per prescription that leaves its issuer; to be read only."""
        return self.ledger.prescriptions

    def lines(self, drafts: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Lines of some drafts, to be read only: ask for those of a provider, not of the city."""
        return self.ledger.lines[self.ledger.lines["draft"].isin(drafts)]

    def rng(self, code: str, part: str) -> np.random.Generator:
        """Return the random stream of one part of one scheme."""
        return stream(self.world.seed, f"scheme/{code}/{part}")

    def idle(self, *kinds: str) -> npt.NDArray[np.int64]:
        """Return the providers of these kinds that play no part yet."""
        among = self.world.places.of_kind(*kinds)
        return among[~np.isin(among, sorted(self.busy))]

    def host(self, rng: np.random.Generator, *kinds: str, among: npt.NDArray[np.int64] | None = None) -> int:
        """Draw a provider that plays no part yet and give it one.

        Parameters
        ----------
        rng : Generator
            Of the scheme.
        *kinds : str
            Kinds of provider that will do.
        among : array, optional
            Place numbers that will do.

        Raises
        ------
        NoRoomError
            When every provider of these kinds plays a part already.
        """
        idle = self.idle(*kinds)
        if among is not None:
            idle = idle[np.isin(idle, among)]
        if not len(idle):
            raise NoRoomError(f"no {' or '.join(kinds)} is left")
        chosen = int(rng.choice(idle))
        self.busy.add(chosen)
        return chosen

    def idle_adults(self) -> npt.NDArray[np.int64]:
        """Return the living adults that play no part yet."""
        people = self.world.people
        fit = (people.age >= 25) & (people.death_day > self.world.calendar.n_days)
        fit[sorted(self.busy_persons)] = False
        return np.flatnonzero(fit)

    def window(self, rng: np.random.Generator) -> tuple[int, int]:
        """Draw the first and last day of a scheme: it starts in the first two fifths and stops late in the window."""
        n_days = self.world.calendar.n_days
        return int(rng.integers(0, max(1, int(n_days * 0.4)))), int(rng.integers(int(n_days * 0.72), n_days))

    def add(self, bills: Bills, *, even_in_hospital: bool = False) -> npt.NDArray[np.int64]:
        """Add bills, leaving out who is in hospital or dead or settles after the window; return the drafts kept."""
        more = bills.ledger()
        visits = more.visits
        day = visits["start"].to_numpy() // DAY
        person = visits["person"].to_numpy()
        free = day < self.presence.death_day[person] if even_in_hospital else self.presence.is_free(person, day)
        free &= visits["settle"].to_numpy() < self.world.calendar.end
        draft = visits["draft"].to_numpy()
        self.ledger = self.ledger.joined(more.without(draft[~free]))
        if visits["is_stay"].to_numpy(bool).any():
            self._stays_changed()
        kept: npt.NDArray[np.int64] = draft[free]
        return kept

    def drop(self, drafts: npt.NDArray[np.int64]) -> None:
        """Take drafts out, with what reverses or repeats them."""
        visits = self.visits
        hanging = visits["draft"].to_numpy()[visits["same_encounter_as"].isin(drafts).to_numpy()]
        self.ledger = self.ledger.without(np.union1d(drafts, hanging))

    def revise(
        self,
        *,
        visits: pd.DataFrame | None = None,
        lines: pd.DataFrame | None = None,
        prescriptions: pd.DataFrame | None = None,
    ) -> None:
        """Replace drafts that exist.

        Parameters
        ----------
        visits : DataFrame, optional
            Full rows, found by draft.
        lines : DataFrame, optional
            All lines of the drafts that occur in it; a line that stays keeps its uid, a new one has -1.
        prescriptions : DataFrame, optional
            Full rows, found by rx.
        """
        ledger = self.ledger
        if visits is not None:
            ledger = Ledger(_replaced(ledger.visits, visits, "draft"), ledger.lines, ledger.prescriptions)
        if lines is not None:
            fresh = lines["uid"].to_numpy() < 0
            uid = lines["uid"].to_numpy().copy()
            uid[fresh] = int(ledger.lines["uid"].max()) + 1 + np.arange(int(fresh.sum()))
            kept = ledger.lines[~ledger.lines["draft"].isin(lines["draft"])]
            ledger = Ledger(
                ledger.visits, pd.concat([kept, lines.assign(uid=uid)], ignore_index=True), ledger.prescriptions
            )
        if prescriptions is not None:
            ledger = Ledger(ledger.visits, ledger.lines, _replaced(ledger.prescriptions, prescriptions, "rx"))
        self.ledger = ledger
        if visits is not None and visits["is_stay"].to_numpy(bool).any():
            self._stays_changed()

    def _stays_changed(self) -> None:
        self.presence = Presence.of(self.visits, self.world.people.death_day)


def _replaced(table: pd.DataFrame, rows: pd.DataFrame, key: str) -> Any:
    place = pd.Series(np.arange(len(table)), index=table[key].to_numpy()).reindex(rows[key]).to_numpy()
    table = table.copy()
    for name in table.columns:
        values = table[name].to_numpy().copy()
        values[place.astype(np.int64)] = rows[name].to_numpy()
        table[name] = values
    return table
