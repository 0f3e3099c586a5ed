"""SQL of a mapping's blocks: from the texts of a source to the texts of contract columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.expressions import translate
from features.claims.grammar import FAILED
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from features.claims.contract import Table
    from features.claims.expression_parts import Part
    from features.claims.mapping import Block, Mapping, Unlist

# Made of every column of a source, asked for or not: a line that is unreadable in any of them is malformed, and row
# numbers must be the same each time a file is read.
ALL_READ = "_all_read"


def is_plain(blocks: Sequence[Block]) -> bool:
    """Whether every row of the sources becomes one row of the table, whatever the other rows are."""
    return not any(block.unlist or block.where or block.distinct or block.is_fallback for block in blocks)


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
    has_operation: bool = False,
) -> str:
    """Return SQL for the rows of a block with their origin.

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
    number : int
        Of the block among those of its table.
    texts : str
        Relation of the source's texts, with `_file` and `_row`.
    keep : collection of str
        `ALL_READ`, to have it beside the columns of a plain block.
    has_operation : bool
        Whether a block of the table has an operation: then every one gives the text of it as `_operation`.
    """
    where = f"in [tables.{table.name}]"
    clean = ", ".join(f"{_trimmed(name, mapping.null_texts)} as {_quote(name)}" for name in raw)
    read = f"coalesce({', '.join(map(_quote, raw))}) is null as {ALL_READ}"
    relation = f"(select _file, _row, {read}, {clean} from {texts})"
    condition = f"where {translate(block.where, raw, where).sql}" if block.where else ""
    position = "0"
    unlisted: dict[str, str] = {}
    if block.unlist:
        relation, unlisted = _unlist_sql(block.unlist, relation, raw, where)
        position = "_place"
        condition = f"{condition} {'and' if condition else 'where'} _value is not null"
    made = {name: _computed(translate(text, raw, f"{where} {name}")) for name, text in block.columns.items()} | unlisted
    relation, condition = _named(block, made, relation, condition)
    # A block without operations beside one with them adds rows as a plain source does.
    operation = _computed(translate(block.operation, raw, f"{where} operation")) if block.operation else "'insert'"
    asked = [f"{operation} as _operation"] if has_operation else []
    given = [f"{_mapped(made.get(name), block, name)} as {name}" for name in columns]
    cells = ", ".join([*keep, *asked, *given])
    origin = f"{number} as _block"
    if not block.distinct:
        return f"select {origin}, _file, _row, {position} as _position, {cells} from {relation} {condition}"
    every = ", ".join([*(["_operation"] if has_operation else []), *columns])
    inner = f"select _file, _row, {cells} from {relation} {condition}"
    first = "min(_file) as _file, min(_row) as _row"
    return f"select {origin}, {first}, 0 as _position, {every} from ({inner}) group by {every}"


def _trimmed(name: str, null_texts: Collection[str]) -> str:
    text = f"trim({_quote(name)})"
    if not null_texts:
        return f"nullif({text}, '')"
    meaningless = ", ".join(quoted(each) for each in ("", *null_texts))
    return f"case when {text} not in ({meaningless}) then {text} end"


def _unlist_sql(unlist: Unlist, relation: str, raw: Collection[str], where: str) -> tuple[str, dict[str, str]]:
    pieces = [
        f"select *, {place} as _place, {translate(_quote(column), raw, where).sql} as _value from {relation}"
        for place, column in enumerate(unlist.columns, start=unlist.start)
    ]
    made = {unlist.value: "_value"}
    if unlist.position:
        made[unlist.position] = "cast(_place as varchar)"
    return f"({' union all '.join(pieces)})", made


def _named(block: Block, made: dict[str, str], relation: str, condition: str) -> tuple[str, str]:
    """Name the texts that value maps look at, since a case writes out what it compares once for each value."""
    named = [f"{made[column]} as _made_{column}" for column in made if column in block.values]
    return (f"(select *, {', '.join(named)} from {relation} {condition})", "") if named else (relation, condition)


def _computed(part: Part) -> str:
    """Return SQL of the text of an expression; where it fails on a row, that of a text that no source gives."""
    text = f"cast({part.sql} as varchar)"
    if part.is_column or part.text is not None:
        return text
    return f"coalesce(try({text}), case when try({part.sql} is null) is null then {FAILED} end)"


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


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def without_given(table: Table, blocks: Sequence[Block], union: str) -> str:
    """Leave out rows of fallback blocks whose key an earlier block gives."""
    fallbacks = ", ".join(str(number) for number, block in enumerate(blocks) if block.is_fallback)
    if not fallbacks:
        return union
    key = ", ".join(table.key)
    first = f"select *, min(_block) over (partition by {key}) as _first from ({union})"
    return f"select * exclude (_first) from ({first}) where _block not in ({fallbacks}) or _first = _block"
