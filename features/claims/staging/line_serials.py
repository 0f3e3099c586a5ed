"""Lines that a source names by a serial of its own, a text, and not by a number within their bill.

Such lines are numbered within their bill in the order of their serials. A serial that is stored already keeps its
number and new ones go on behind the last, so that further lines of a bill may come later.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from features.claims.contract import Table
from features.claims.values.grammar import is_all

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from features.claims.mapping import Block
    from features.engine import DuckDBEngine

T = TypeVar("T")
TABLE = "claim_lines"
# A number of a line is read as its serial where the table holds no whole number.
_SERIALS = {"line_number": "line_serial", "original_line_number": "original_line_serial"}
# Letters, digits and a few signs, at least one digit among them.
_SHAPE = "[A-Za-z_:/#-]{0,63}[0-9][0-9A-Za-z_:/#-]{0,63}"
LOST_ORIGINAL = "original_line_serial: names no line of its bill"


def by_serial(table: Table) -> Table:
    """Return the table of lines as it is read where their serials are their key."""
    required = {"line_number": False, "line_serial": True}
    columns = tuple(replace(each, required=required.get(each.name, each.required)) for each in table.columns)
    return Table(table.name, columns, ("settlement_id", "line_serial"))


def needs_serials(table: Table, given: Collection[str]) -> bool:
    """Whether a source gives lines serials and no numbers."""
    return table.name == TABLE and "line_serial" in given and "line_number" not in given


def numbered_columns() -> tuple[str, ...]:
    """Columns of lines that are made of their serials."""
    return tuple(_SERIALS)


def is_serial(text: str) -> str:
    """Return SQL that is true for a text that may be the serial of a line."""
    return is_all(text, _SHAPE)


def with_serials(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Return the blocks of lines with their numbers read as serials."""
    groups = ("columns", "values")
    return tuple(block.model_copy(update={each: _renamed(getattr(block, each)) for each in groups}) for block in blocks)


def _renamed(group: Mapping[str, T]) -> dict[str, T]:
    # A serial that is mapped by its own name stands.
    return {name if _SERIALS.get(name, name) in group else _SERIALS[name]: given for name, given in group.items()}


def are_serials(engine: DuckDBEngine, table: Table, given: Collection[str], texts: Callable[[], str]) -> bool:
    """Whether the numbers of typed lines are serials: none is a whole number, and some are texts of that shape.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds `typed_claim_lines`.
    table : Table
        What was typed; of others than lines there are none.
    given : collection of str
        Columns that the source gives.
    texts : callable
        Writes the query of the texts that the lines were made of.
    """
    if table.name != TABLE or "line_serial" in given or "line_number" not in given:
        return False
    if engine.rows(f"select 1 from typed_{TABLE} where line_number is not null limit 1"):
        return False
    return bool(engine.rows(f"select 1 from ({texts()}) where {is_serial('line_number')} limit 1"))


def numbered_sql(keyed: str) -> str:
    """Return SQL of keyed lines with their numbers; those that refund no line of their bill are orphans, too.

    Parameters
    ----------
    keyed : str
        Query of lines in canonical form and of the settlement that they hang on, with `_orphan`.
    """
    stored = f"select settlement_key, line_serial, line_number from {TABLE} where line_serial is not null"
    place = "partition by k.settlement_key order by length(k.line_serial), k.line_serial"
    return f"""
    with keyed as ({keyed}), known as ({stored}),
    last as (select settlement_key, max(line_number) as line_number from {TABLE} group by settlement_key),
    numbers as (
      select * from known
      union all
      select k.settlement_key, k.line_serial, coalesce(l.line_number, 0) + row_number() over ({place}) as line_number
      from (select distinct settlement_key, line_serial from keyed) k left join last l using (settlement_key)
      where not exists (
        select 1 from known o where o.settlement_key = k.settlement_key and o.line_serial = k.line_serial
      )
    )
    select k.* replace (n.line_number as line_number, o.line_number as original_line_number,
      k._orphan or (k.original_line_serial is not null and o.line_number is null) as _orphan)
    from keyed k
    left join numbers n on n.settlement_key = k.settlement_key and n.line_serial = k.line_serial
    left join numbers o on o.settlement_key = k.settlement_key and o.line_serial = k.original_line_serial
    """
