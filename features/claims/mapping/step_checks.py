"""Names and combinations in the steps of a mapping that mean nothing are refused before anything is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.contract import TABLES
from features.claims.mapping.steps import uses
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable

    from features.claims.contract import Column, Table
    from features.claims.mapping.mapping import Block, Mapping
    from features.claims.mapping.steps import Gathering, Number, Use


def check_steps(mapping: Mapping, table: Table, block: Block, where: str) -> None:
    """Refuse names and combinations in a block that mean nothing.

    Raises
    ------
    InputError
        As said.
    """
    _known(where, (*block.group_by, *block.gather, *block.lookup), block.made, "column of the block")
    if block.gather and not block.group_by:
        raise InputError.of("mapping key 'gather'", where, "gathers no rows", "say in `group_by` which belong together")
    if block.group_by and block.distinct:
        raise InputError.of("mapping key 'distinct'", where, "stands beside `group_by`", "leave out one of the two")
    for column, how in block.gather.items():
        if column in block.group_by:
            raise InputError.of(f"mapping column '{column}'", where, "in `group_by` and in `gather`", "leave out one")
        _check_gathering(table.by_name[column], how, where)
    if block.number is not None:
        _check_number(block, block.number, table, where)
    for column, use in uses(mapping, block).items():
        _check_use(mapping, table, block, column=column, use=use, where=where)


def check_lookups(mapping: Mapping, where: str) -> None:
    """Refuse look-ups whose source or columns are not there.

    Raises
    ------
    InputError
        As said.
    """
    every = {column.name for table in TABLES.values() for column in table.columns if column.type == "string"}
    taken: dict[str, str] = {}
    for name, lookup in mapping.lookups.items():
        place = f"{where} [lookups.{name}]"
        if lookup.source is not None:
            _known(place, (lookup.source,), mapping.sources, "source")
        _known(place, lookup.columns, every, "column of texts")
        for column in lookup.columns:
            if taken.setdefault(column, name) != name:
                got = f"looked up by '{taken[column]}' as well"
                raise InputError.of(f"mapping column '{column}'", place, got, "leave out one of the two")


def _check_gathering(column: Column, how: Gathering, where: str) -> None:
    is_number = column.scale is not None or column.type == "integer"
    if how in {"sum", "count"} and not is_number:
        got = f"'{how}' of what is no amount and no whole number"
        raise InputError.of(f"mapping column '{column.name}'", where, got, "gather it by min, max, first or same")
    if how in {"min", "max"} and (column.values or column.type in {"boolean", "float"}):
        got = f"'{how}' of what has no order"
        raise InputError.of(f"mapping column '{column.name}'", where, got, "gather it by first or same")


def _check_number(block: Block, number: Number, table: Table, where: str) -> None:
    _known(where, (number.column,), table.by_name, "column")
    _known(where, number.within, block.made - {number.column}, "column of the block")
    if number.column in {*block.columns, *block.values} or (block.unlist and number.column == block.unlist.position):
        got = "numbered, and given in another way as well"
        raise InputError.of(f"mapping column '{number.column}'", where, got, "leave out one of the two")
    if number.order_by and (block.group_by or block.distinct):
        got = "of rows that were put together, which keep no source columns"
        hint = "leave it out: they are numbered in the order of their first rows"
        raise InputError.of("mapping key 'order_by'", where, got, hint)


def _check_use(mapping: Mapping, table: Table, block: Block, *, column: str, use: Use, where: str) -> None:
    _known(where, (use.name,), mapping.lookups, "lookup")
    lookup = mapping.lookups[use.name]
    what = f"mapping column '{column}'"
    if lookup.is_dated and use.day is None:
        got = f"lookup '{use.name}' holds on certain days, and no `day` decides"
        raise InputError.of(what, where, got, 'write { name = "…", day = "settle_time" }, a column of the block')
    if use.day is not None:
        _known(where, (use.day,), block.made, "column of the block")
        if table.by_name[use.day].type not in {"date", "timestamp"}:
            raise InputError.of(what, where, f"its day '{use.day}' is no date or time", "name one that is")
        if not lookup.is_dated:
            got = f"lookup '{use.name}' holds on every day"
            raise InputError.of(what, where, got, "leave out `day`, or give it valid_from or valid_until")
    if len(use.beside) != len(lookup.beside):
        got = f"{len(use.beside)} parts beside the id, and lookup '{use.name}' has {len(lookup.beside)}"
        raise InputError.of(what, where, got, "give as many in both")
    if table.by_name[column].type != "string" and not table.by_name[column].values:
        raise InputError.of(what, where, "looked up, and no text", "look up identifiers and codes")


def _known(where: str, names: Iterable[str], known: Iterable[str], what: str) -> None:
    for name in names:
        if name not in known:
            raise InputError.unknown_name(what, where, plain_line(name[:100]), known)
