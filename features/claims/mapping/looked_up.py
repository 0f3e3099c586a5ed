"""Ids of a block in place of which stands what they became, as SQL; rows of a register that thereby have one key."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.mapping.computed import computed
from features.claims.mapping.steps import uses
from features.claims.values.grammar import NO_TEXT
from features.claims.values.parse import value_sql

if TYPE_CHECKING:
    from collections.abc import Collection
    from collections.abc import Mapping as MappingType

    from features.claims.contract import Table
    from features.claims.mapping.mapping import Block, Mapping
    from features.claims.mapping.steps import Use


def asks(mapping: Mapping, block: Block, raw: Collection[str], where: str) -> dict[str, str]:
    """Return SQL of what stands beside the ids that a block looks up, by the name that it is asked under."""
    return {
        _beside(column, place): computed(text, raw, f"{where} lookup {column}")
        for column, use in uses(mapping, block).items()
        for place, text in enumerate(use.beside)
    }


def asked_sql(mapping: Mapping, table: Table, column: str, use: Use, rows: str) -> str:
    """Return SQL of all that a block asks of a look-up, each once: `_asked`, `_part_<n>` and `_day`.

    Parameters
    ----------
    mapping : Mapping
        What the block is of.
    table : Table
        What it gives rows of.
    column : str
        The column that is looked up.
    use : Use
        How.
    rows : str
        Query of its rows.
    """
    parts = [f"{_beside(column, place)} as _part_{place}" for place in range(len(use.beside))]
    cells = ", ".join([f"{column} as _asked", *parts, f"{_day(mapping, table, use, '')} as _day"])
    return f"select distinct {cells} from ({rows}) where {column} is not null and not starts_with({column}, {NO_TEXT})"


def looked_up_sql(mapping: Mapping, table: Table, block: Block, found: MappingType[str, str], rows: str) -> str:
    """Return SQL of the rows of a block with what their ids became, and `_moved`: whether that changed their key.

    Parameters
    ----------
    mapping, table, block
        As in `rows_sql`.
    found : dict of str to str
        Tables of what became of the ids, by column.
    rows : str
        Query of the rows.
    """
    joins, cells, moved = [], [], []
    for column, use in uses(mapping, block).items():
        if column not in found:
            continue
        became = f"f_{column}._became"
        on = [f"f_{column}._asked = r.{column}"]
        on += [f"f_{column}._part_{n} = r.{_beside(column, n)}" for n in range(len(use.beside))]
        on += [f"f_{column}._day = {_day(mapping, table, use, 'r.')}"] if use.day else []
        joins.append(f"left join {found[column]} f_{column} on {' and '.join(on)}")
        cells.append(f"coalesce({became}, r.{column}) as {column}")
        if column in table.key:
            moved.append(f"coalesce(not starts_with({became}, {NO_TEXT}), false)")
    changed = f"r.* replace ({', '.join(cells)})" if cells else "r.*"
    return f"select {changed}, {' or '.join(moved) or 'false'} as _moved from ({rows}) r {' '.join(joins)}"


def without_moved(table: Table, union: str) -> str:
    """Leave out rows of a register that got their key by a look-up, but for the first where no row has it by itself."""
    by_key = f"partition by {', '.join(table.key)}"
    nth = f"row_number() over ({by_key} order by _moved, _block, _file, _row, _position) as _nth"
    gone = f"sum(_n) filter (where _moved) over ({by_key}) as _n_moved"
    n = "_n + coalesce(case when _nth = 1 then _n_moved - case when _moved then _n else 0 end end, 0)"
    return (
        f"select * exclude (_nth, _n_moved) replace ({n} as _n) from (select *, {nth}, {gone} from ({union})) "
        "where not _moved or _nth = 1"
    )


def _beside(column: str, place: int) -> str:
    return f"_beside_{place}_{column}"


def _day(mapping: Mapping, table: Table, use: Use, row: str) -> str:
    if use.day is None:
        return "cast(null as date)"
    return f"cast({value_sql(table.by_name[use.day], row + use.day, mapping.zone)} as date)"
