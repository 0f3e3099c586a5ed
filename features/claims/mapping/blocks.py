"""SQL of a mapping's blocks: from the texts of a source to the texts of contract columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.mapping.computed import clean_sql, computed, quoted_name
from features.claims.mapping.date_forms import formed
from features.claims.mapping.expressions import translate
from features.claims.mapping.groups import grouped_sql, together_sql
from features.claims.mapping.looked_up import asks, looked_up_sql
from features.claims.mapping.row_numbers import numbered_sql, ranks
from features.claims.mapping.steps import uses
from features.claims.values.grammar import FAILED
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from collections.abc import Mapping as MappingType

    from features.claims.contract import Table
    from features.claims.mapping.mapping import Block, Mapping, Unlist


def is_plain(mapping: Mapping, blocks: Sequence[Block]) -> bool:
    """Whether every row of the sources becomes one row of the table, whatever the other rows are."""
    return not any(
        block.unlist
        or block.where
        or block.distinct
        or block.is_fallback
        or block.group_by
        or block.number
        or uses(mapping, block)
        for block in blocks
    )


def rows_sql(
    mapping: Mapping,
    table: Table,
    block: Block,
    columns: Collection[str],
    *,
    raw: Collection[str],
    texts: str,
    keep: Collection[str] = (),
    has_operation: bool = False,
) -> str:
    """Return SQL for the rows of a block before rows are looked at together.

    Parameters
    ----------
    mapping : Mapping
        What the block is of.
    table : Table
        What it gives rows of.
    block : Block
        The block.
    columns : collection of str
        Contract columns to give; null where the block has none.
    raw : collection of str
        Columns of the source.
    texts : str
        Relation of the source's texts, with `_file` and `_row`.
    keep : collection of str
        `ALL_READ`, to have it beside the columns of a plain block.
    has_operation : bool
        Whether a block of the table has an operation: then every one gives the text of it as `_operation`.

    Returns
    -------
    str
        `_file`, `_row` and `_position`, the columns, and what the steps of the block ask beside them.
    """
    where = f"in [tables.{table.name}]"
    relation = clean_sql(raw, mapping.null_texts, texts)
    condition = f"where {translate(block.where, raw, where).sql}" if block.where else ""
    position = "0"
    unlisted: dict[str, str] = {}
    if block.unlist:
        relation, unlisted = _unlist_sql(block.unlist, relation, raw, where)
        position = "_place"
        condition = f"{condition} {'and' if condition else 'where'} _value is not null"
    made = {name: computed(text, raw, f"{where} {name}") for name, text in block.columns.items()} | unlisted
    beside = ranks(block.number, raw, where) | asks(mapping, block, raw, where)
    relation, condition = _named(block, made, relation, condition)
    forms = {**mapping.formats, **block.formats}
    # A block without operations beside one with them adds rows as a plain source does.
    operation = computed(block.operation, raw, f"{where} operation") if block.operation else "'insert'"
    cells = [f"{operation} as _operation"] if has_operation else []
    cells += [f"{_formed(table, name, made, block, forms)} as {name}" for name in columns]
    cells += [f"{sql} as {name}" for name, sql in beside.items()]
    return f"select _file, _row, {position} as _position, {', '.join([*keep, *cells])} from {relation} {condition}"


def block_sql(
    mapping: Mapping,
    table: Table,
    block: Block,
    columns: Collection[str],
    *,
    raw: Collection[str],
    number: int,
    texts: str,
    keep: Collection[str] = (),
    found: MappingType[str, str] | None = None,
    has_operation: bool = False,
) -> str:
    """Return SQL for the rows of a block with their origin.

    Parameters
    ----------
    mapping, table, block, columns, raw, texts, keep, has_operation
        As in `rows_sql`.
    number : int
        Of the block among those of its table.
    found : dict of str to str, optional
        Tables of what became of the ids that the block looks up, by column.

    Returns
    -------
    str
        `_block`, `_file`, `_row` and `_position`; `_n`, the rows that were put together; `_moved`, whether the key
        was looked up and is another; the columns.
    """
    rows = rows_sql(mapping, table, block, columns, raw=raw, texts=texts, keep=keep, has_operation=has_operation)
    every = (*columns, "_operation") if has_operation else tuple(columns)
    rows = looked_up_sql(mapping, table, block, found or {}, rows)
    if block.group_by:
        rows = grouped_sql(table, block, columns, rows, mapping.zone, has_operation=has_operation)
    elif block.distinct:
        rows = together_sql(every, rows)
    else:
        rows = f"select *, 1 as _n from ({rows})"
    if block.number:
        rows = numbered_sql(block.number, every, rows)
    cells = ", ".join([*keep, *every])
    return f"select {number} as _block, _file, _row, _position, _n, _moved, {cells} from ({rows})"


def _unlist_sql(unlist: Unlist, relation: str, raw: Collection[str], where: str) -> tuple[str, dict[str, str]]:
    # Two lists side by side, and not a query for each column: a wide source is bound once.
    places = ", ".join(str(place) for place, _ in enumerate(unlist.columns, start=unlist.start))
    values = ", ".join(translate(quoted_name(column), raw, where).sql for column in unlist.columns)
    rows = f"select *, unnest([{places}]) as _place, unnest([{values}]) as _value from {relation}"
    made = {unlist.value: "_value"}
    if unlist.position:
        made[unlist.position] = "cast(_place as varchar)"
    return f"({rows})", made


def _named(block: Block, made: dict[str, str], relation: str, condition: str) -> tuple[str, str]:
    """Name the texts that value maps look at, since a case writes out what it compares once for each value."""
    named = [f"{made[column]} as _made_{column}" for column in made if column in block.values]
    return (f"(select *, {', '.join(named)} from {relation} {condition})", "") if named else (relation, condition)


def _formed(table: Table, name: str, made: dict[str, str], block: Block, forms: dict[str, tuple[str, ...]]) -> str:
    text = _mapped(made.get(name), block, name)
    given = forms.get(name, ()) if name in made else ()
    return formed(table.by_name[name], text, given) if given else text


def _mapped(text: str | None, block: Block, column: str) -> str:
    if text is None:
        return "cast(null as varchar)"
    values = block.values.get(column)
    if values is None:
        return text
    named = f"_made_{column}"
    cases = " ".join(f"when {quoted(old)} then {quoted(new)}" for old, new in values.to.items())
    otherwise = quoted(values.otherwise) if values.otherwise is not None else named
    return (
        f"case {named} when {FAILED} then {FAILED} {cases} else case when {named} is not null then {otherwise} end end"
    )


def without_given(table: Table, blocks: Sequence[Block], union: str) -> str:
    """Leave out rows of fallback blocks whose key an earlier block gives."""
    fallbacks = ", ".join(str(number) for number, block in enumerate(blocks) if block.is_fallback)
    if not fallbacks:
        return union
    key = ", ".join(table.key)
    first = f"select *, min(_block) over (partition by {key}) as _first from ({union})"
    return f"select * exclude (_first) from ({first}) where _block not in ({fallbacks}) or _first = _block"
