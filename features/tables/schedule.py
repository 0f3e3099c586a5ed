"""Schedule of a window's tables: when each is made, when a query can run, and when a table can go."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from features.declare import Table

_WORD = re.compile(r"[a-z_][a-z0-9_]*")


@dataclass(frozen=True)
class Step:
    """Make a table, run the queries that waited for it, drop what nobody reads afterwards.

    Parameters
    ----------
    table : Table
        The table.
    queries : tuple of int
        Places of the queries that can run now, ascending.
    finished : tuple of str
        Names of tables that can go after them.
    """

    table: Table
    queries: tuple[int, ...]
    finished: tuple[str, ...]


def schedule(tables: Iterable[Table], queries: Sequence[str]) -> tuple[Step, ...]:
    """Return the steps that make every table in its order and run every query as soon as its tables are there.

    All tables of a city together weigh more than twice what the largest weighs with the few that are read beside it:
    kept to the end, they would be spilled and read back again and again. What a statement reads is found by the names
    in its text; a column that is called like a table costs memory and breaks nothing.

    Parameters
    ----------
    tables : iterable of Table
        Each after those it reads.
    queries : sequence of str
        SQL of the queries.

    Examples
    --------
    >>> from features.declare import Table
    >>> texts = {"a": "select 1", "b": "select * from a", "c": "select 2"}
    >>> tables = [Table(name, "One row.", sql) for name, sql in texts.items()]
    >>> for step in schedule(tables, ["select * from b", "select * from a"]):
    ...     print(step.table.name, step.queries, step.finished)
    a (1,) ()
    b (0,) ('a', 'b')
    c () ('c',)
    """
    made = list(tables)
    place = {table.name: number for number, table in enumerate(made)}
    ready = [max((place[name] for name in _names(sql, place)), default=0) for sql in queries]
    last = {table.name: place[table.name] for table in made}
    for number, sql in (*enumerate(table.sql for table in made), *zip(ready, queries, strict=True)):
        for name in _names(sql, place):
            last[name] = max(last[name], number)
    return tuple(
        Step(
            table,
            tuple(query for query, at in enumerate(ready) if at == number),
            tuple(name for name, at in last.items() if at == number),
        )
        for number, table in enumerate(made)
    )


def _names(sql: str, known: Iterable[str]) -> set[str]:
    return set(_WORD.findall(sql)) & set(known)
