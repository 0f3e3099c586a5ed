"""What an extract lacks: columns of its files, contract columns that it cannot fill, and those that stand in."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from features.claims.contract import REQUIRED_TABLES
from features.claims.mapping.computed import quoted_name
from features.claims.mapping.expression_parts import FUNCTIONS, TOKEN, WORDS
from features.claims.mapping.expressions import translate

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from features.claims.contract import Table
    from features.claims.mapping.mapping import Block, Mapping
    from features.engine import DuckDBEngine


def without_lacking(engine: DuckDBEngine, block: Block, lacking: Collection[str]) -> Block:
    """Return a block without the contract columns that are made of absent source columns and are nothing without them.

    Where an expression names others beside them, or says what stands in place of them, they are null in it.

    Parameters
    ----------
    engine : DuckDBEngine
        Says what an expression is of nulls; `create_macros` was called on it.
    block : Block
        As the mapping has it.
    lacking : collection of str
        Source columns that no file has.

    Examples
    --------
    >>> from features.claims.mapping.expressions import create_macros
    >>> from features.claims.mapping.mapping import Block
    >>> from features.engine import DuckDBEngine
    >>> made = {"bed_number": "bedno", "total_amount": "coalesce(total, total2)", "quantity": "coalesce(cnt, '1')"}
    >>> with DuckDBEngine() as engine:
    ...     create_macros(engine)
    ...     sorted(without_lacking(engine, Block(source="s", columns=made), ["bedno", "total2", "cnt"]).columns)
    ['quantity', 'total_amount']
    """
    absent = {column.lower() for column in lacking}
    if not absent:
        return block
    kept = {
        column: expression
        for column, expression in block.columns.items()
        if not (named := _names(expression)) or not named <= absent or not _is_nothing(engine, expression, lacking)
    }
    return block.model_copy(update={"columns": kept})


def is_left_out(table: Table, block: Block, left: Block) -> bool:
    """Whether a block of a table that a source may come without has lost a required column to what the extract lacks.

    Parameters
    ----------
    table : Table
        That it gives rows of.
    block, left : Block
        As the mapping has it, and without what is lacking.
    """
    lost = block.columns.keys() - left.columns.keys()
    return table.name not in REQUIRED_TABLES and not lost.isdisjoint(table.required)


def _is_nothing(engine: DuckDBEngine, expression: str, lacking: Collection[str]) -> bool:
    cells = ", ".join(f"cast(null as varchar) as {quoted_name(column)}" for column in lacking)
    sql = translate(expression, lacking, "of a column that the extract lacks").sql
    try:
        return engine.rows(f"select ({sql}) is null from (select {cells})")[0][0] is True
    except duckdb.Error:  # said with its place when the rows are read
        return False


def _names(expression: str) -> set[str]:
    """Source columns that an expression names, in lower case."""
    names = set()
    for found in TOKEN.finditer(expression):
        if found["quoted"] is not None:
            names.add(found["quoted"][1:-1].replace('""', '"').lower())
        elif found["name"] is not None and found["name"].lower() not in WORDS:
            names.add(found["name"].lower())
    return names - FUNCTIONS.keys()


def eased(table: Table, mapping: Mapping) -> Table:
    """Return a table that does not require what the mapping says the extract may lack."""
    lacking = {said.partition(".")[2] for said in mapping.optional if said.startswith(f"{table.name}.")}
    if not lacking:
        return table
    columns = (replace(each, required=False) if each.name in lacking else each for each in table.columns)
    return replace(table, columns=tuple(columns))


def lacked_columns(engine: DuckDBEngine, mapping: Mapping, table: str, columns: Iterable[str]) -> tuple[str, ...]:
    """List the contract columns that hold stand-ins, and those that the extract may lack and does.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds `typed_<table>`.
    mapping : Mapping
        Names both kinds.
    table : str
        The contract table.
    columns : iterable of str
        Contract columns that its blocks give.
    """
    found = list(columns)
    lacked = [column for column in found if f"{table}.{column}" in mapping.stand_ins]
    asked = [column for column in found if f"{table}.{column}" in mapping.optional]
    if asked:
        counts = engine.rows(f"select {', '.join(f'count({column})' for column in asked)} from typed_{table}")[0]
        lacked += [column for column, n in zip(asked, counts, strict=True) if not n]
    return tuple(lacked)
