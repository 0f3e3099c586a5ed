"""Orders among versions: by their number within a claim, and by what replaces what."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from features.claims.versions.versions import Version


class Order(NamedTuple):
    """What the numbers of one claim's versions say.

    Parameters
    ----------
    standing : tuple of int
        Bills of the highest number that no reversal takes back, oldest first.
    fallen, reversals : frozenset of int
        Rows that gave way; reversals that are versions of the claim.
    moved : dict of int to int
        Negative reversals of a part, which stand beside the bill they take it from.
    """

    standing: tuple[int, ...]
    fallen: frozenset[int]
    reversals: frozenset[int]
    moved: dict[int, int]


def order_of_versions(members: Sequence[Version]) -> Order | None:
    """Order the versions of a claim; None where they have no numbers, or none of them is a bill.

    The highest number counts. If it is a reversal, nothing of the claim stands. Where bill and reversal share it, the
    reversal takes back the oldest bill of its size, and the bills left stand.

    Parameters
    ----------
    members : sequence of Version
        Of one claim, oldest first.
    """
    bills = sorted((row for row in members if not row.is_reversal), key=_place)
    if not bills or all(row.number is None for row in members):
        return None
    parts = {row.key for row in members if row.is_reversal and _is_part(row, bills)}
    versions = [row for row in members if row.key not in parts]
    highest = max(_number(row) for row in versions)
    cancelled = _cancelled(bills, [row for row in versions if row.is_reversal])
    standing = tuple(row.key for row in bills if _number(row) == highest and row.key not in cancelled)
    moved = {key: standing[-1] for key in parts if standing}
    fallen = {row.key for row in members} - set(standing) - set(moved)
    return Order(standing, frozenset(fallen), frozenset(row.key for row in members if row.is_reversal), moved)


def _cancelled(bills: Sequence[Version], reversals: Sequence[Version]) -> set[int]:
    """Find for each reversal the oldest bill of its size that none before it took."""
    by_size: dict[int, list[Version]] = defaultdict(list)
    for bill in bills:
        by_size[abs(bill.total)].append(bill)
    cancelled = set()
    for row in reversals:
        of_size = by_size[abs(row.total)]
        for place, bill in enumerate(of_size):
            if _number(bill) > _number(row):
                break
            if row.is_of_size(bill):
                cancelled.add(bill.key)
                del of_size[place]
                break
    return cancelled


def _is_part(row: Version, bills: Sequence[Version]) -> bool:
    """Whether a reversal takes back a part of the bill before it."""
    last = bisect_right(bills, _number(row), key=_number)
    return row.is_negative and last > 0 and abs(row.total) < bills[last - 1].total


def _number(row: Version) -> int:
    return -1 if row.number is None else row.number


def _place(row: Version) -> tuple[int, tuple[datetime, int, int]]:
    return _number(row), row.age


class Lineages:
    """Bills that replace each other, directly or by way of others: of each lineage the newest stands."""

    def __init__(self) -> None:
        self._parents: dict[int, int] = {}
        self._replaced: set[int] = set()
        self._barred: set[int] = set()
        self._ties: dict[int, int] = {}
        self._heads: dict[int, tuple[int, ...]] = {}

    def replace(self, old: int, new: int) -> None:
        """Say that one bill takes the place of another."""
        self._join(old, new)
        self._replaced.add(old)

    def bar(self, keys: Iterable[int]) -> None:
        """Say that bills cannot stand, whatever else is said of them."""
        self._barred |= set(keys)

    def tie(self, first: int, other: int) -> None:
        """Say that two bills of one lineage stand together."""
        self._join(first, other)
        self._ties[other] = first

    def settle(self, rows: Mapping[int, Version]) -> set[int]:
        """Choose what stands of every lineage, and return the rest."""
        members: dict[int, list[int]] = defaultdict(list)
        for key in sorted(self._parents, key=lambda key: rows[key].age):
            members[self._root(key)].append(key)
        for root, keys in members.items():
            alive = [key for key in keys if key not in self._barred]
            # In a circle each is replaced by another: the newest of it stands.
            last = ([key for key in alive if key not in self._replaced] or alive)[-1:]
            group = {self._ties.get(key, key) for key in last}
            self._heads[root] = tuple(key for key in alive if self._ties.get(key, key) in group)
        return {key for root, keys in members.items() for key in keys if key not in self._heads[root]}

    def heads_of(self, key: int) -> tuple[int, ...]:
        """Return what stands of the lineage of a bill; itself where nothing replaces it."""
        if key not in self._parents:
            return () if key in self._barred else (key,)
        return self._heads[self._root(key)]

    def _join(self, one: int, other: int) -> None:
        for key in (one, other):
            self._parents.setdefault(key, key)
        self._parents[self._root(one)] = self._root(other)

    def _root(self, key: int) -> int:
        while self._parents[key] != key:
            self._parents[key] = self._parents[self._parents[key]]
            key = self._parents[key]
        return key
