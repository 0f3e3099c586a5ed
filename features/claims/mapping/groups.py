"""Rows that belong together become one: the header of a bill from its lines, as SQL over the texts of a block."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.mapping.expression_reader import MAX_DECIMALS, MAX_DIGITS
from features.claims.values.grammar import DIFFERS, NO_TEXT, decimal, is_all
from features.claims.values.parse import value_sql

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.contract import Column, Table
    from features.claims.mapping.mapping import Block
    from features.claims.mapping.steps import Gathering

# Eighteen digits before the point leave room for a sum of 10^12 of them: a sum is exact or was no number.
_EXACT = f"decimal(38, {MAX_DECIMALS})"
_NUMBER = decimal(MAX_DIGITS, MAX_DECIMALS)


def together_sql(columns: Collection[str], rows: str) -> str:
    """Return SQL of rows of which equal ones are one, in the place of the first."""
    every = ", ".join(columns)
    placed = f"select *, {_PLACE} as _place from ({rows})"
    return f"select {_FIRST}, {every} from ({placed}) group by {every}"


def grouped_sql(
    table: Table, block: Block, columns: Collection[str], rows: str, zone: str | None, *, has_operation: bool = False
) -> str:
    """Return SQL of the groups of a block, each in the place of its first row.

    A row whose key is no text, or lacks a part that the table requires, is a group of its own: it is told alone.

    Parameters
    ----------
    table : Table
        What the block gives rows of.
    block : Block
        The block.
    columns : collection of str
        Contract columns to give.
    rows : str
        Query of the block's rows: `_file`, `_row`, `_position` and the texts of the columns.
    zone : str, optional
        Of the mapping, for times.
    has_operation : bool
        Whether rows have an `_operation`, which is the same in all rows of a group or differs.
    """
    others = [name for name in columns if name not in block.group_by]
    how: dict[str, Gathering] = {name: block.gather.get(name, "same") for name in others}
    values = [f"{_value(table.by_name[name], how[name], zone)} as _value_{name}" for name in others]
    alone = " or ".join(
        f"starts_with({name}, {NO_TEXT})" + (f" or {name} is null" if table.by_name[name].required else "")
        for name in block.group_by
    )
    placed = ", ".join([f"*, {_PLACE} as _place", f"case when {alone} then {_PLACE} end as _alone", *values])
    gathered = {name: _gathered(table.by_name[name], how[name]) for name in others}
    cells = ", ".join(f"{gathered.get(name, name)} as {name}" for name in columns)
    if has_operation:
        cells += f", case when min({_SAID}) = max({_SAID}) then min({_SAID}) else {DIFFERS} end as _operation"
    key = ", ".join((*block.group_by, "_alone"))
    return f"select {_FIRST}, {cells} from (select {placed} from ({rows})) group by {key}"


_SAID = "coalesce(lower(trim(_operation)), '')"
_PLACE = "struct_pack(f := _file, r := _row, p := _position)"
_FIRST = (
    "min(_place).f as _file, min(_place).r as _row, min(_place).p as _position, count(*) as _n, "
    "bool_and(_moved) as _moved"
)


def _value(column: Column, how: Gathering, zone: str | None) -> str:
    """Return SQL of what a cell counts as: a number, a value with an order, or the text by which cells are the same."""
    text = column.name
    if how in {"sum", "min", "max"} and (column.scale is not None or column.type == "integer"):
        return f"case when {is_all(text, _NUMBER)} then cast({text} as {_EXACT}) end"
    if how in {"sum", "min", "max"}:
        return value_sql(column, text, zone)
    if how != "same" or column.type == "string" or column.values:
        return text
    return f"coalesce(cast({value_sql(column, text, zone)} as varchar), {text})"


def _gathered(column: Column, how: Gathering) -> str:
    name, value = column.name, f"_value_{column.name}"
    if how == "count":
        return f"cast(count({name}) as varchar)"
    if how == "first":
        return f"arg_min({name}, _place) filter (where {name} is not null)"
    if how == "same":
        is_same = f"min({value}) = max({value}) and count({value}) = count(*)"
        return f"case when {is_same} then min({name}) when count({name}) > 0 then {DIFFERS} end"
    # A cell that cannot be read is handed on, so that the group is told why.
    unread = f"min({name}) filter (where {name} is not null and {value} is null)"
    return f"coalesce({unread}, {_spelled(column, f'{how}({value})')})"


def _spelled(column: Column, value: str) -> str:
    """Write a value as a text of the grammar, with the column's decimals where these are all."""
    if column.scale is None and column.type != "integer":
        return f"cast({value} as varchar)"
    short = f"cast({value} as decimal(38, {column.scale or 0}))"
    return f"case when {short} = {value} then cast({short} as varchar) else cast({value} as varchar) end"
