"""Versions of a claim: which bills and reversals stand among those that are known, and what the others gave way to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from features.claims.versions.order import Lineages, order_of_versions

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime


class Version(NamedTuple):
    """A settlement that is linked to others.

    Parameters
    ----------
    key : int
        Of the settlement.
    claim : int or None
        Key of the number that all versions of the claim share.
    number : int or None
        Its place among them.
    named : int or None
        Key of the settlement, or of the claim, that it replaces or cancels.
    is_reversal : bool
        Whether it takes money back.
    is_negative : bool
        Whether it is written with a minus, so that it nets itself in sums.
    total, fund : int
        Billed and paid by the funds, minor units.
    time : datetime
        Of its settlement.
    """

    key: int
    claim: int | None
    number: int | None
    named: int | None
    is_reversal: bool
    is_negative: bool
    total: int
    fund: int
    time: datetime

    @property
    def age(self) -> tuple[datetime, int, int]:
        """Order of rows in time; later is greater."""
        return self.time, -1 if self.number is None else self.number, self.key

    def is_of_size(self, other: Version) -> bool:
        """Whether it takes back just what the other bills, whatever its sign."""
        return abs(self.total) == abs(other.total) and (self.fund == 0 or abs(self.fund) == abs(other.fund))


class Standing(NamedTuple):
    """What became of linked settlements.

    Parameters
    ----------
    fallen : set of int
        Keys of those that do not stand.
    moved : dict of int to int
        Reversals that stand, and the bill that they take money back from where it is not the one they name.
    """

    fallen: set[int]
    moved: dict[int, int]


def resolve(rows: Iterable[Version]) -> Standing:
    """Decide which of some linked settlements stand.

    Rows that replace each other, or are versions of one claim, are one lineage, of which the newest stands that nothing
    replaces: the order in which rows arrived does not matter. What is replaced stays so, even where the replacement is
    voided. Where rows replace each other in a circle the newest stands, so that no money vanishes.

    Parameters
    ----------
    rows : iterable of Version
        All rows that name another, or are a reversal, with what they name and all versions of their claims.
    """
    return _Resolution(sorted(rows, key=lambda row: row.age)).standing()


class _Resolution:
    """One decision, in three steps: lineages, reversals of reversals, reversals of bills."""

    def __init__(self, rows: list[Version]) -> None:
        self.rows = rows
        self.by_key = {row.key: row for row in rows}
        self.by_claim: dict[int, list[Version]] = defaultdict(list)
        self.by_size: dict[tuple[int, int], list[Version]] = defaultdict(list)
        for row in rows:
            if row.claim is not None:
                self.by_claim[row.claim].append(row)
                if not row.is_reversal:
                    self.by_size[row.claim, row.total].append(row)
        self.fallen: set[int] = set()
        self.moved: dict[int, int] = {}
        self.cancelled: set[int] = set()
        self.replaced_at: dict[int, Version] = {}
        self.early: list[tuple[Version, list[Version]]] = []
        self.lineages = Lineages()

    def standing(self) -> Standing:
        ordered = self._order_claims()
        self._replace()
        self.fallen |= self.lineages.settle(self.by_key)
        spent = ordered | self._undone()
        for row in self.rows:
            if row.is_reversal and row.key not in spent:
                self._reverse(row)
        # What is left of its size may have been settled later: a cancellation can be dated before its bill.
        for row, of_size in self.early:
            self._cancel(row, of_size)
        self._let_go()
        return Standing(self.fallen, self.moved)

    def _let_go(self) -> None:
        """Let reversals fall whose bill fell, whatever took it: they take nothing back any more."""
        for row in self.rows:
            if row.is_reversal and row.key not in self.fallen and self.moved.get(row.key, row.named) in self.fallen:
                self.fallen.add(row.key)
        self.moved = {key: bill for key, bill in self.moved.items() if key not in self.fallen}

    def _order_claims(self) -> set[int]:
        """Put the versions of numbered claims in order; return the reversals that are versions themselves."""
        ordered: set[int] = set()
        for claim, members in self.by_claim.items():
            order = order_of_versions([row for row in members if self._is_version(row, claim)])
            if order is None:
                continue
            ordered |= order.reversals
            self.moved |= order.moved
            for old in order.fallen:
                self.fallen.add(old)
                for new in order.standing[-1:]:
                    self._give_way(self.by_key[old], self.by_key[new])
            self.lineages.bar(order.fallen)
            for new in order.standing[1:]:
                self.lineages.tie(order.standing[0], new)
        return ordered

    def _is_version(self, row: Version, claim: int) -> bool:
        """Whether a row belongs to the order of its claim: a reversal without number, or of another claim, does not."""
        if not row.is_reversal:
            return True
        if row.number is None or row.named is None or row.named == claim:
            return row.number is not None
        named = self.by_key.get(row.named)
        return named is not None and named.claim == claim

    def _replace(self) -> None:
        for row in self.rows:
            if row.is_reversal or row.named is None:
                continue
            for old in self._bills_named(row):
                in_order = old.claim is not None and old.claim == row.claim and None not in (old.number, row.number)
                if old.key != row.key and not in_order:
                    self._give_way(old, row)

    def _give_way(self, old: Version, new: Version) -> None:
        if not old.is_reversal and not new.is_reversal:
            self.lineages.replace(old.key, new.key)
            known = self.replaced_at.get(old.key)
            self.replaced_at[old.key] = new if known is None or new.age < known.age else known

    def _bills_named(self, row: Version) -> list[Version]:
        """Bills that a row names: itself, what a named reversal names, or those of a claim that came before it."""
        seen = set()
        named = row.named
        while named is not None and named not in seen:
            seen.add(named)
            found = self.by_key.get(named)
            if found is None:
                members = self.by_claim.get(named, [])
                return [each for each in members if not each.is_reversal and self._is_before(each, row)]
            if not found.is_reversal:
                return [found]
            named = found.named
        return []

    @staticmethod
    def _is_before(bill: Version, row: Version) -> bool:
        return bill.key != row.key and (bill.claim != row.claim or bill.age < row.age)

    def _undone(self) -> set[int]:
        """Reversals that other reversals take back, and those: neither stands, and the bill does."""
        taken_back_by: dict[int, list[Version]] = defaultdict(list)
        for row in self.rows:
            old = self.by_key.get(row.named) if row.is_reversal and row.named is not None else None
            if old is not None and old.is_reversal and old.key != row.key and not (old.is_negative and row.is_negative):
                taken_back_by[old.key].append(row)
        undone: set[int] = set()
        spent: set[int] = set()
        # The last word first: a reversal that was itself undone takes nothing back.
        for row in reversed(self.rows):
            for later in taken_back_by.get(row.key, ()):
                if later.key not in undone:
                    undone.add(row.key)
                    spent |= {row.key, later.key}
        self.fallen |= spent
        return spent

    def _reverse(self, row: Version) -> None:
        """Take a bill back: a reversal with a minus stays and nets it, one without goes together with it."""
        if not row.is_negative:
            self.fallen.add(row.key)
        if row.named is None:
            self._reverse_unnamed(row)
            return
        bills = self._bills_named(row)
        if not bills:
            return
        bill = bills[-1]
        heads = [self.by_key[key] for key in self.lineages.heads_of(bill.key)]
        if bill in heads:
            self._take_back(row, bill)
        elif not heads or self._goes_with(row, bill, heads[-1]):
            self.fallen.add(row.key)
        else:
            self._take_back(row, heads[-1])

    def _goes_with(self, row: Version, bill: Version, head: Version) -> bool:
        """Whether a reversal of a replaced bill took back that bill, and not what came after it."""
        of_size = row.is_of_size(bill)
        new = self.replaced_at.get(bill.key, head)
        if row.time < new.time or (row.time == new.time and of_size):
            return True
        return row.is_negative and of_size and not row.is_of_size(head)

    def _take_back(self, row: Version, bill: Version) -> None:
        if not row.is_negative:
            self.fallen.add(bill.key)
            self.cancelled.add(bill.key)
        elif bill.key in self.cancelled:
            self.fallen.add(row.key)
        elif row.named != bill.key:
            self.moved[row.key] = bill.key

    def _reverse_unnamed(self, row: Version) -> None:
        """Find the one bill of its claim that a reversal without a name can mean."""
        if row.claim is None:
            return
        of_size = self.by_size[row.claim, abs(row.total)]
        if self._cancel(row, of_size, row.time):
            return
        bills = (each for each in self.by_claim[row.claim] if not each.is_reversal and each.time <= row.time)
        larger = (each for each in bills if each.key not in self.fallen and each.total > abs(row.total))
        bill_left = next(larger, None) if row.is_negative else None
        if bill_left is not None:
            self.moved[row.key] = bill_left.key
        elif of_size:
            self.early.append((row, of_size))

    def _cancel(self, row: Version, of_size: list[Version], until: datetime | None = None) -> bool:
        """Take back the whole of the oldest bill of a size that is left, and was settled by then."""
        for place, bill in enumerate(of_size):
            if until is not None and bill.time > until:
                break
            if bill.key not in self.cancelled and row.is_of_size(bill):
                del of_size[place]
                self.cancelled.add(bill.key)
                self.fallen |= {bill.key, row.key}
                return True
        return False
