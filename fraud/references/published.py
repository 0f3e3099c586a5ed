"""What a published file says, once it has been read: limits of items, pairs, and an account of every row."""

from __future__ import annotations

from dataclasses import dataclass, field

# One pair: code that may stay, code that may not, scope, whether another site makes it lawful, first and last day.
Pair = tuple[str, str, str, str, str, str]


@dataclass(frozen=True)
class Refused:
    """A row that cannot be used.

    Parameters
    ----------
    place : str
        File, sheet and row.
    topic : str
        Rule class or kind of edit that it is of.
    reasons : tuple of str
        All that is wrong with it.
    """

    place: str
    topic: str
    reasons: tuple[str, ...]


@dataclass
class Topic:
    """Rows of one rule class or kind of edit: read = used + not covered + refused + not in force.

    Parameters
    ----------
    columns : tuple of str
        Columns of references that they fill, as `table.column`.
    n_points, n_used, n_not_covered, n_refused, n_never : int
        Rows; `n_never` counts edits that were never in force.
    n_codes_said : int
        Item codes that the rows say they have, where they say it.
    items : set of str
        Item codes that became references.
    """

    columns: tuple[str, ...] = ()
    n_points: int = 0
    n_used: int = 0
    n_not_covered: int = 0
    n_refused: int = 0
    n_never: int = 0
    n_codes_said: int = 0
    items: set[str] = field(default_factory=set)


@dataclass
class Used:
    """A row that is used, as long as a limit of it is left.

    Parameters
    ----------
    topic, place : str
        As of a row that is refused.
    limits : set of (str, str)
        Item codes and columns that it fills, those apart that another row contradicts.
    """

    topic: str
    place: str
    limits: set[tuple[str, str]]


@dataclass
class Published:
    """All that was read of one edition.

    Parameters
    ----------
    items : dict of str to dict of str to str
        By item code: columns of `ref_items` in contract form.
    pairs : dict of Pair
        In the order in which they were read, each once.
    topics : dict of str to Topic
        By rule class or kind of edit.
    refused : list of Refused
        Rows that cannot be used.
    n_notes : int
        Rows of totals and remarks at the end of a table, which say nothing of an item.
    unknown_headings : dict of str to tuple of str
        By file, sheet and row of a header: headings of it that nothing is read under; none of a sheet without one.
    said_by : dict of (str, str) to list of Used
        By item code and column: the rows that say it.
    """

    items: dict[str, dict[str, str]] = field(default_factory=dict)
    pairs: dict[Pair, None] = field(default_factory=dict)
    topics: dict[str, Topic] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    n_notes: int = 0
    unknown_headings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    said_by: dict[tuple[str, str], list[Used]] = field(default_factory=dict)

    @property
    def n_points(self) -> int:
        """Rows published."""
        return sum(each.n_points for each in self.topics.values())

    @property
    def n_used(self) -> int:
        """Rows that became references."""
        return sum(each.n_used for each in self.topics.values())

    def topic(self, name: str, columns: tuple[str, ...] = ()) -> Topic:
        """Return the account of a topic, a new one where there is none."""
        found = self.topics.setdefault(name, Topic())
        found.columns = tuple(sorted({*found.columns, *columns}))
        return found

    def refuse(self, topic: str, place: str, *reasons: str) -> None:
        """Set a row aside, and count it."""
        self.topic(topic).n_refused += 1
        self.refused.append(Refused(place, topic, reasons))

    def use(self, topic: str, place: str, items: dict[str, dict[str, str]]) -> None:
        """Take what a row says of items, by code, and count it."""
        self.topic(topic).n_used += 1
        limits = {(code, name) for code, said in items.items() for name in said}
        row = Used(topic, place, set(limits))
        for limit in sorted(limits):
            self.said_by.setdefault(limit, []).append(row)

    def contradict(self, code: str, names: set[str], reason: str) -> None:
        """Leave an item without limits that rows contradict each other about; a row with no other is refused too."""
        # Neither word of the two can be told to be right.
        self.items.get(code, {}).update(dict.fromkeys(names, ""))
        for name in sorted(names):
            for row in self.said_by.pop((code, name), ()):
                row.limits.discard((code, name))
                if not self._is_limited(code, row.topic):
                    self.topic(row.topic).items.discard(code)
                if not row.limits:
                    self.topic(row.topic).n_used -= 1
                    self.refuse(row.topic, row.place, reason)

    def _is_limited(self, code: str, topic: str) -> bool:
        """Whether a row of a topic still limits an item."""
        columns = self.items.get(code, {})
        return any(row.topic == topic for name in columns for row in self.said_by.get((code, name), ()))
