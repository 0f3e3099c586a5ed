"""Places of a review list: a ring is one place, and caps hold for every beginning of the list."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from collections.abc import Set as AbstractSet

# A cap and what it counts, such as ("scheme", "H08").
Mark = tuple[str, str]
# Place k goes to one of the first REACH x k of the order, so that no cap brings up somebody with little against him.
REACH = 4
# Shares are reckoned in whole millionths: 0.1 of 30 places is 3, and not a little more.
_MILLIONTHS = 1_000_000


@dataclass(frozen=True)
class Candidate:
    """What decides where a subject comes on the list, beside its order.

    Parameters
    ----------
    ring : str
        Ring into whose place it folds; empty for none.
    marks : tuple of Mark
        What caps count of it; who has no mark of a cap is under none.
    """

    ring: str = ""
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class Place:
    """One place of a list; subjects are named by their position in the order that was given.

    Parameters
    ----------
    number : int
        1 is first.
    lead : int
        Who takes the place.
    folded : tuple of int
        Other members of its ring, in order.
    held_from : int or None
        The first place that went to somebody ranked lower, because caps held this one back.
    held_by : tuple of str
        Those caps.
    lifted : tuple of str
        Caps that the place exceeds, because nobody within reach kept them.
    """

    number: int
    lead: int
    folded: tuple[int, ...] = ()
    held_from: int | None = None
    held_by: tuple[str, ...] = ()
    lifted: tuple[str, ...] = ()


def allowed(share: float, places: int) -> int:
    """Return how many of the first places may bear one mark: the share of them rounded up, at least one.

    Examples
    --------
    >>> [allowed(0.25, places) for places in (1, 4, 5, 25)], allowed(0.1, 30)
    ([1, 1, 2, 7], 3)
    """
    return max(1, -(-round(share * _MILLIONTHS) * places // _MILLIONTHS))


def fill_places(
    candidates: Sequence[Candidate], share_of: Callable[[Mark], float], *, capped: int | None = None
) -> tuple[Place, ...]:
    """Fill the places of a list from candidates, best first.

    Members of one ring share the place of the first of them. Place k goes to the best of the first `REACH` x k whose
    marks keep their shares among the first k places; where none does, to the best of all, and its caps are lifted.

    Parameters
    ----------
    candidates : sequence of Candidate
        In their order.
    share_of : callable
        From a mark to the share of places, 0..1, that may bear it.
    capped : int, optional
        Caps hold for so many places, the rest follow in order; by default for all.

    Returns
    -------
    tuple of Place
        Every candidate is in exactly one.

    Examples
    --------
    >>> names = ("scheme", "H08"), ("scheme", "P06")
    >>> first = [Candidate("R1"), Candidate("R1"), *(Candidate(marks=(names[i],)) for i in (0, 0, 1))]
    >>> [(each.lead, each.folded, each.held_by) for each in fill_places(first, lambda mark: 0.25)]
    [(0, (1,), ()), (2, (), ()), (4, (), ()), (3, (), ('scheme',))]
    """
    leads, folded = _fold(candidates)
    filling = _Filling([candidates[lead].marks for lead in leads], share_of)
    n_capped = len(leads) if capped is None else min(capped, len(leads))
    order = [filling.fill(number) for number in range(1, n_capped + 1)]
    order += [(taker, ()) for taker in sorted(set(range(len(leads))).difference(taker for taker, _ in order))]
    places = []
    for number, (taker, lifted) in enumerate(order, start=1):
        lead, (held_from, held_by) = leads[taker], filling.held.get(taker, (None, ()))
        places.append(Place(number, lead, tuple(folded.get(lead, ())), held_from, held_by, lifted))
    return tuple(places)


def _fold(candidates: Sequence[Candidate]) -> tuple[list[int], dict[int, list[int]]]:
    """Return who takes places, in order, and whom each of them folds in."""
    first: dict[str, int] = {}
    folded: dict[int, list[int]] = {}
    leads = []
    for position, candidate in enumerate(candidates):
        lead = first.setdefault(candidate.ring, position) if candidate.ring else position
        if lead == position:
            leads.append(position)
        else:
            folded.setdefault(lead, []).append(position)
    return leads, folded


class _Filling:
    """The first places, filled one after the other; takers are named by their position among those who take any.

    Attributes
    ----------
    held : dict
        By taker, the first place that went to one ranked lower, and the caps that were full then.
    """

    def __init__(self, marks: Sequence[tuple[Mark, ...]], share_of: Callable[[Mark], float]) -> None:
        self.held: dict[int, tuple[int, tuple[str, ...]]] = {}
        self._marks = marks
        self._share_of = share_of
        self._counts: Counter[Mark] = Counter()
        # Of those with equal marks only the first can come next.
        self._waiting: dict[tuple[Mark, ...], deque[int]] = {}
        self._n_waited = 0
        self._lowest = -1

    def fill(self, number: int) -> tuple[int, tuple[str, ...]]:
        """Return who takes a place, and the caps that it exceeds."""
        reach = min(REACH * number, len(self._marks))
        for taker in range(self._n_waited, reach):
            self._waiting.setdefault(self._marks[taker], deque()).append(taker)
        self._n_waited = reach
        full = {mark for mark, n in self._counts.items() if n >= allowed(self._share_of(mark), number)}
        fitting = [queue[0] for marks, queue in self._waiting.items() if full.isdisjoint(marks)]
        taker = min(fitting or (queue[0] for queue in self._waiting.values()))
        for passed in range(self._lowest + 1, taker):
            self.held[passed] = (number, _caps(self._marks[passed], full))
        self._lowest = max(self._lowest, taker)
        self._take(taker)
        return taker, _caps(self._marks[taker], full)

    def _take(self, taker: int) -> None:
        marks = self._marks[taker]
        self._counts.update(marks)
        self._waiting[marks].popleft()
        if not self._waiting[marks]:
            del self._waiting[marks]


def _caps(marks: tuple[Mark, ...], full: AbstractSet[Mark]) -> tuple[str, ...]:
    return tuple(cap for cap, value in marks if (cap, value) in full)
