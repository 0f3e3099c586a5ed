"""Say which expression of a mapping the engine refuses, or fails on, in place of the engine's own words."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import duckdb

from features.claims.mapping.expressions import translate
from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from features.claims.contract import Table
    from features.claims.mapping.mapping import Block
    from features.claims.reading.texts import Raw
    from features.engine import DuckDBEngine

_REFUSED = (duckdb.BinderException, duckdb.ParserException)
# What an expression does on a row.
_FAILED = (duckdb.ConversionException, duckdb.OutOfRangeException, duckdb.InvalidInputException)


@contextmanager
def failing(engine: DuckDBEngine, table: Table, blocks: Sequence[Block], sources: Sequence[Raw]) -> Iterator[None]:
    """Explain what goes wrong when the blocks of a table are applied to their sources.

    Raises
    ------
    InputError
        An expression is no SQL of texts, or a `where` cannot be answered on some row; it names table, block and
        expression, and nothing of the row. In a column such a row is quarantined.
    """
    try:
        yield
    except _REFUSED as error:
        where, got = _refused(engine, table, blocks, sources) or (f"in [tables.{table.name}]", first_line(error))
        hint = "source values are text: use number(x) to calculate"
        raise InputError.of("mapping expression", where, got, hint) from error
    except _FAILED:
        told = [f"{_place(table, number)} where {block.where!r}" for number, block in enumerate(blocks) if block.where]
        if not told:
            raise
        where = plain_line(", ".join(told)[:300])
        got = "fails on a row of the source: a text that is no number, a number that is too large, or a cell too long"
        hint = "say first in a `case` which rows can be asked"
        raise InputError.of("mapping expression", where, got, hint) from None  # the engine's words hold the cell


def _refused(
    engine: DuckDBEngine, table: Table, blocks: Sequence[Block], sources: Sequence[Raw]
) -> tuple[str, str] | None:
    """Find the first expression that the engine does not take, on a row of texts."""
    for number, (block, raw) in enumerate(zip(blocks, sources, strict=True)):
        cells = ", ".join(f"cast(null as varchar) as {_quote(column)}" for column in raw.columns)
        tried = {f" {column}": text for column, text in block.columns.items()}
        tried |= {" operation": block.operation} if block.operation else {}
        tried |= {" where": f"case when {block.where} then 1 end"} if block.where else {}
        tried |= {f" order_by {text!r}": text for text in (block.number.order_by if block.number else ())}
        asked = [use for use in block.lookup.values() if not isinstance(use, str)]
        tried |= {f" beside {text!r}": text for use in asked for text in use.beside}
        for name, text in tried.items():
            where = _place(table, number) + name
            sql = translate(text, raw.columns, where).sql
            try:
                engine.rows(f"select {sql} from (select {cells}) limit 0")
            except duckdb.Error as error:
                return where, first_line(error)
    return None


def _place(table: Table, number: int) -> str:
    return f"in [tables.{table.name}] block {number + 1}"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
