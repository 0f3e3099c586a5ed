"""A relation that should hold among the rows of a source and of the store, as data; `relations` lists them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from features.claims.contract import CODE_COLUMNS, TABLES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.claims.quality.orders import Order

# required: where it fails a bill stands for nobody, or a line for no bill. warning: it may hold by right.
Kind = Literal["required", "relation", "warning"]

# By name of a relation: rows that were checked, and rows that failed.
Counts = dict[str, tuple[int, int]]


@dataclass(frozen=True)
class Relation:
    """A relation among rows.

    Parameters
    ----------
    name, meaning : str
        Short name, and what holds where it holds.
    needs : tuple of str
        `table.column` that the source must give; otherwise the relation is not checked. The first is of the table
        whose rows it speaks of, or that completes them.
    rows : str
        SQL of the rows it speaks of, with `fails`, where they come from (`ORIGIN`) and their claims month.
        `{settlements}` stands for the usable rows of the source, `{stored_settlements}` for those of the store,
        `{known_settlements}` for both once the source is in; so for every table. Rows are canonical: keys, minor
        units, claims months.
    known : tuple of str
        `table.column` that the source must give, or the store have.
    kind : str
        How it is judged.
    """

    name: str
    meaning: str
    needs: tuple[str, ...]
    rows: str
    known: tuple[str, ...] = ()
    kind: Kind = "relation"

    @property
    def table(self) -> str:
        """Table of the contract whose rows it speaks of, or that completes them."""
        return self.needs[0].partition(".")[0]


def order(of: Order) -> Relation:
    """Relation of two times of a row: the last no earlier than the first, where both are given."""
    given = f"{of.first} is not null and {of.last} is not null"
    sql = f"select *, {of.last} < {of.first} as fails from {{{of.table}}} where {given}"
    needs = (f"{of.table}.{of.first}", f"{of.table}.{of.last}")
    return Relation(f"{of.first} before {of.last} of {of.table}", of.meaning, needs, sql)


def reference(table: str, column: str, other: str, kind: Kind = "relation") -> Relation:
    """Relation of an identifier to the register or table that it names a row of."""
    key, code = TABLES[table].by_name[column].stored_name, TABLES[other].key[0]
    other_key = TABLES[other].by_name[code].stored_name
    sql = (
        f"select t.*, not exists (select 1 from {{known_{other}}} o where o.{other_key} = t.{key}) as fails "
        f"from {{{table}}} t where t.{key} is not null"
    )
    meaning = f"{table}.{column} names a row of {other}"
    return Relation(f"{column} of {table}", meaning, (f"{table}.{column}",), sql, (f"{other}.{code}",), kind)


def own_zeros(table: str, column: str) -> Relation:
    """Relation of an identifier to all of its domain: none is the same but for leading zeros."""
    found = TABLES[table].by_name[column]
    key = found.stored_name
    sql = (
        f"select *, {key} in (select {found.domain}_key from {{alike_{found.domain}}}) as fails "
        f"from {{{table}}} where {key} is not null"
    )
    meaning = f"no other {CODE_COLUMNS[str(found.domain)]} differs from {table}.{column} by leading zeros only"
    return Relation(f"zeros of {column} of {table}", meaning, (f"{table}.{column}",), sql, kind="warning")


def add_counts(counted: Iterable[Counts]) -> Counts:
    """Add up what was counted of several sets of rows.

    Examples
    --------
    >>> add_counts([{"lines add up": (2, 1)}, {"lines add up": (3, 0), "payers add up": (1, 1)}])
    {'lines add up': (5, 1), 'payers add up': (1, 1)}
    """
    found: Counts = {}
    for name, (n, failing) in (each for counts in counted for each in counts.items()):
        before = found.get(name, (0, 0))
        found[name] = (before[0] + n, before[1] + failing)
    return found
