"""The city that schemes are planted in: its drafts, and every change that may be made to them."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from experiments.synthetic.care.bills import LEAVE_COLUMNS
from experiments.synthetic.care.closing import closed, ended
from experiments.synthetic.care.cover import Cover
from experiments.synthetic.care.out_of_area import misplaced
from experiments.synthetic.goods.goods import Goods
from experiments.synthetic.randomness import stream
from experiments.synthetic.register import Register
from experiments.synthetic.world.agreements import after_agreement
from experiments.synthetic.world.clock import DAY
from experiments.synthetic.world.presence import Presence
from features.errors import ToolkitError

if TYPE_CHECKING:
    import numpy.typing as npt

    from experiments.synthetic.care.bills import Bills
    from experiments.synthetic.care.book import Book
    from experiments.synthetic.care.out_of_area import Away
    from experiments.synthetic.truth import Truth
    from experiments.synthetic.world.world import World


_GROWN_UP, _OLDEST = 25, 150  # years


class NoRoomError(ToolkitError):
    """No provider is left that could host a scheme."""


@dataclass
class Stage:
    """The settled-in city while schemes are planted in it, one after the other.

    Attributes
    ----------
    world, presence, absent
        Who lives there, who is in hospital, who is outside the prefecture; schemes read them.
    book : Book
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
    register : Register
        What the registers say otherwise than it is.
    goods : Goods
        Where boxes went another way than the bills say.
    """

    world: World
    presence: Presence
    absent: Away
    book: Book
    truth: Truth
    household: npt.NDArray[np.int64]
    busy: set[int] = field(default_factory=set)
    busy_persons: set[int] = field(default_factory=set)
    contracts: list[tuple[int, int, int, int, int]] = field(default_factory=list)
    leaves: list[tuple[int, int, int]] = field(default_factory=list)
    register: Register = field(default_factory=Register)
    goods: Goods = field(default_factory=Goods)

    @property
    def visits(self) -> pd.DataFrame:
        """One row per draft of a settlement of the whole window; to be read only."""
        return self.book.visits

    @property
    def prescriptions(self) -> pd.DataFrame:
        """One row per prescription that leaves its issuer; to be read only."""
        return self.book.prescriptions

    def lines(self, drafts: npt.NDArray[np.int64]) -> pd.DataFrame:
        """Lines of some drafts, to be read only: ask for those of a provider, not of the city."""
        return self.book.lines(np.asarray(drafts, np.int64))

    def all_leaves(self) -> pd.DataFrame:
        """Return the leave ordered during stays, honest and planted: draft, first and last day."""
        planted = pd.DataFrame(self.leaves, columns=list(LEAVE_COLUMNS), dtype="int64")
        return pd.concat([self.book.leaves, planted], ignore_index=True)

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

    def idle_people(self, youngest: int, oldest: int = _OLDEST) -> npt.NDArray[np.int64]:
        """Return the living people of some ages, in years, that play no part yet."""
        people = self.world.people
        fit = (people.age >= youngest) & (people.age <= oldest) & (people.death_day > self.world.calendar.n_days)
        fit[sorted(self.busy_persons)] = False
        return np.flatnonzero(fit)

    def idle_adults(self) -> npt.NDArray[np.int64]:
        """Return the living adults that play no part yet."""
        return self.idle_people(_GROWN_UP)

    def enlist(
        self,
        rng: np.random.Generator,
        people: npt.NDArray[np.int64],
        n: int,
        *,
        fewest: int | None = None,
        weight: npt.NDArray[np.floating[Any]] | None = None,
    ) -> npt.NDArray[np.int64]:
        """Draw some of people who play no part yet, give each of them one, and return them sorted.

        Parameters
        ----------
        rng : Generator
            Of the scheme.
        people : array
            Who will do.
        n : int
            How many to draw.
        fewest : int, optional
            How many there must be to draw from, `n` by default.
        weight : array, optional
            How likely each is drawn beside the others; all alike when absent.

        Raises
        ------
        NoRoomError
            When fewer are left.
        """
        if len(people) < (n if fewest is None else fewest):
            raise NoRoomError("hardly any adult is left")
        share = None if weight is None else weight / weight.sum()
        drawn: npt.NDArray[np.int64] = np.sort(rng.choice(people, n, replace=False, p=share))
        self.busy_persons.update(drawn.tolist())
        return drawn

    def is_staff(self, person: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell who works as a practitioner: who signs for others is not there to be laid in a bed."""
        works: npt.NDArray[np.bool_] = np.isin(person, self.world.places.practitioners["person"].to_numpy())
        return works

    def can_work(self, person: npt.NDArray[np.int64], day: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
        """Tell for each person and day whether the person is alive, at home and out of hospital."""
        return self.presence.is_free(person, day) & ~self.absent.covers(person, day)

    def window(self, rng: np.random.Generator) -> tuple[int, int]:
        """Draw the first and last day of a scheme: it starts in the first two fifths and stops late in the window."""
        n_days = self.world.calendar.n_days
        return int(rng.integers(0, max(1, int(n_days * 0.4)))), int(rng.integers(int(n_days * 0.72), n_days))

    def add(self, bills: Bills, *, even_in_hospital: bool = False, even_dead: bool = False) -> npt.NDArray[np.int64]:
        """Add bills but those of who is in hospital, away or dead, or settled after the window; return drafts kept.

        None is of a provider that has given up its agreement. Nobody signs them who could not be at work that day: a
        colleague does, and who is alone sees nobody.
        """
        more = bills.ledger(self.book.next_uid)
        visits = more.visits
        day = visits["start"].to_numpy() // DAY
        person = visits["person"].to_numpy()
        free = day < self.presence.death_day[person] if even_in_hospital else self.presence.is_free(person, day)
        if even_dead:
            free |= day >= self.presence.death_day[person]
        free &= ~misplaced(self.world, self.absent, visits) & ~after_agreement(
            self.world, visits, self.register.agreement_end
        )
        free &= visits["settle"].to_numpy() < self.world.calendar.end
        kept = closed(self._cover.covered(more.without(visits["draft"].to_numpy()[~free])))
        self.book.add(kept)
        if kept.visits["is_stay"].to_numpy(bool).any():
            self._stays_changed()
        drafts: npt.NDArray[np.int64] = kept.visits["draft"].to_numpy()
        return drafts

    def append(self, lines: pd.DataFrame) -> npt.NDArray[np.int64]:
        """Write more lines on drafts that exist; return their uids."""
        uids = self.book.append_lines(lines)
        self.revise(visits=self.book.visits_of(lines["draft"].to_numpy()))
        return uids

    def drop(self, drafts: npt.NDArray[np.int64]) -> None:
        """Take drafts out, with what reverses or repeats them."""
        visits = self.visits
        hanging = visits["draft"].to_numpy()[np.isin(visits["same_encounter_as"].to_numpy(), drafts)]
        self.book.remove(np.union1d(drafts, hanging))

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
        if prescriptions is not None:
            self.book.rewrite_prescriptions(prescriptions)
        if lines is not None:
            self.book.rewrite_lines(lines)
        touched = [part["draft"].to_numpy() for part in (visits, lines) if part is not None]
        if not touched:
            return
        if visits is not None:
            self.book.rewrite_visits(visits)
        mine = self.book.visits_of(np.concatenate(touched))
        self.book.rewrite_visits(ended(mine, self.lines(mine["draft"].to_numpy())))
        if visits is not None and visits["is_stay"].to_numpy(bool).any():
            self._stays_changed()

    @cached_property
    def _cover(self) -> Cover:
        return Cover(self.world.places, self.can_work, np.ones(len(self.world.people), bool))

    def _stays_changed(self) -> None:
        self.presence = Presence.of(self.visits, self.world.people.death_day)
