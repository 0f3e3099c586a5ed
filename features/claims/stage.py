"""From source texts to typed rows with reasons: the mapping applied, nothing judged against the store yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import duckdb

from features.claims.contract import REQUIRED_TABLES, TABLES, Table
from features.claims.expressions import translate
from features.claims.mapping import Block, Mapping, Unlist
from features.claims.parse import other_sql, reason_sql, value_sql
from features.claims.sources import Found, read_raw
from features.engine import identifier, quoted
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from collections.abc import Mapping as MappingType
    from pathlib import Path

    from features.engine import DuckDBEngine

# Where a row came from, which is also its place in the order of the source; beside the contract columns in every
# staged table. `_block` counts the mapping's blocks, `_position` the rows made of one source row.
ORIGIN = ("_block", "_file", "_row", "_position")


@dataclass(frozen=True)
class Staged:
    """A contract table as one source gives it, in the engine's table `typed_<name>`.

    Parameters
    ----------
    table : Table
        The contract table.
    columns : tuple of str
        Contract columns that the source gives.
    raw_tables : tuple of str
        Tables of source texts that it was made from, by block.
    unknown_columns : tuple of str
        Source columns that an identity mapping did not recognise.
    others : dict of str to int
        Rows, by column, whose unlisted value became `other`.
    """

    table: Table
    columns: tuple[str, ...]
    raw_tables: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    others: dict[str, int]


def create_macros(engine: DuckDBEngine) -> None:
    """Define the functions of mapping expressions that SQL does not have."""
    engine.execute("create or replace macro number(x) as try_cast(x as decimal(38, 8))")


def stage(
    engine: DuckDBEngine, mapping: Mapping, found: Iterable[Found], *, folder: Path, staging: Path, source: str
) -> tuple[Staged, ...]:
    """Read and type every table of a source.

    Parameters
    ----------
    engine : DuckDBEngine
        Where the tables are made.
    mapping : Mapping
        How the source becomes contract tables.
    found : iterable of Found
        Its files.
    folder, staging : Path
        The source folder; a folder for unpacked files.
    source : str
        Digest of the source, for rows without a key of their own.

    Raises
    ------
    InputError
        A file cannot be read, or a required column is missing.
    """
    create_macros(engine)
    raw = {each.name: read_raw(engine, each, folder, staging, f"raw_{identifier(each.name)}") for each in found}
    if mapping.identity:
        blocks: dict[str, tuple[Block, ...]] = {name: (_identity(name, columns),) for name, columns in raw.items()}
    else:
        blocks = {n: tuple(b for b in found_blocks if b.source in raw) for n, found_blocks in mapping.tables.items()}
    return tuple(
        _stage_table(engine, mapping, TABLES[name], blocks[name], raw, source=source)
        for name in TABLES
        if blocks.get(name)
    )


def _identity(table: str, columns: Collection[str]) -> Block:
    known = {column: '"' + column + '"' for column in TABLES[table].by_name if column in columns}
    return Block(source=table, columns=known)


def _stage_table(
    engine: DuckDBEngine,
    mapping: Mapping,
    table: Table,
    blocks: tuple[Block, ...],
    raw: MappingType[str, Collection[str]],
    *,
    source: str,
) -> Staged:
    given = {column for block in blocks for column in _given(block)}
    _refuse_missing(table, given, mapping.name)
    if table.name == "trace_events":
        given.add("event_id")  # made of file and row where the source has none, so that same-second repeats survive
    columns = tuple(column.name for column in table.columns if column.name in given)
    queries = [
        _block_sql(mapping, table, block, columns, raw=raw[block.source], number=number)
        for number, block in enumerate(blocks)
    ]
    mapped = f"mapped_{table.name}"
    union = _without_given(table, blocks, " union all ".join(queries))
    try:
        engine.create_view(mapped, union)
        engine.create_table(f"typed_{table.name}", _typed_sql(table, columns, mapped, source))
    except (duckdb.BinderException, duckdb.ParserException, duckdb.ConversionException) as error:
        got = str(error).splitlines()[0]
        raise InputError.of(
            "mapping expression", f"in [tables.{table.name}]", got, "source values are text: use number(x) to calculate"
        ) from error
    others = _count_others(engine, table, columns, mapped)
    unknown = tuple(c for c in raw[table.name] if c not in table.by_name) if mapping.identity else ()
    return Staged(table, columns, tuple(f"raw_{b.source}" for b in blocks), unknown, others)


def _without_given(table: Table, blocks: tuple[Block, ...], union: str) -> str:
    fallbacks = ", ".join(str(number) for number, block in enumerate(blocks) if block.is_fallback)
    if not fallbacks:
        return union
    key = ", ".join(table.key)
    first = f"select *, min(_block) over (partition by {key}) as _first from ({union})"
    return f"select * exclude (_first) from ({first}) where _block not in ({fallbacks}) or _first = _block"


def _given(block: Block) -> set[str]:
    made = (
        {block.unlist.value} | ({block.unlist.position} if block.unlist.position else set()) if block.unlist else set()
    )
    return {*block.columns, *made}


def _refuse_missing(table: Table, given: set[str], mapping: str) -> None:
    missing = [column for column in table.required if column not in given]
    if missing:
        got = f"required column {', '.join(missing)} is missing"
        raise InputError.of(f"table '{table.name}'", f"under mapping '{mapping}'", got, "map or add it")


def _block_sql(
    mapping: Mapping, table: Table, block: Block, columns: tuple[str, ...], *, raw: Collection[str], number: int
) -> str:
    where = f"in [tables.{table.name}]"
    nulls = ", ".join(quoted(text) for text in ("", *mapping.null_texts))
    clean = ", ".join(f"case when trim({q}) not in ({nulls}) then trim({q}) end as {q}" for q in map(_quote, raw))
    relation = f"(select _file, _row, {clean} from raw_{block.source})"
    condition = f"where {translate(block.where, raw, where)}" if block.where else ""
    position = "0"
    unlisted: dict[str, str] = {}
    if block.unlist:
        relation, unlisted = _unlist_sql(block.unlist, relation, raw, where)
        position = "_place"
        condition = f"{condition} {'and' if condition else 'where'} _value is not null"
    made = {**{name: translate(text, raw, f"{where} {name}") for name, text in block.columns.items()}, **unlisted}
    cells = ", ".join(f"{_mapped(made.get(name), block, name)} as {name}" for name in columns)
    origin = f"{number} as _block"
    if not block.distinct:
        return f"select {origin}, _file, _row, {position} as _position, {cells} from {relation} {condition}"
    every = ", ".join(columns)
    inner = f"select _file, _row, {cells} from {relation} {condition}"
    first = "min(_file) as _file, min(_row) as _row"
    return f"select {origin}, {first}, 0 as _position, {every} from ({inner}) group by {every}"


def _unlist_sql(unlist: Unlist, relation: str, raw: Collection[str], where: str) -> tuple[str, dict[str, str]]:
    pieces = [
        f"select *, {place} as _place, {translate(_quote(column), raw, where)} as _value from {relation}"
        for place, column in enumerate(unlist.columns, start=unlist.start)
    ]
    made = {unlist.value: "_value"}
    if unlist.position:
        made[unlist.position] = "cast(_place as varchar)"
    return f"({' union all '.join(pieces)})", made


def _mapped(expression: str | None, block: Block, column: str) -> str:
    if expression is None:
        return "cast(null as varchar)"
    text = f"cast({expression} as varchar)"
    values = block.values.get(column)
    if values is None:
        return text
    cases = " ".join(f"when {quoted(old)} then {quoted(new)}" for old, new in values.to.items())
    otherwise = quoted(values.otherwise) if values.otherwise is not None else text
    return f"case {text} {cases} else case when {text} is not null then {otherwise} end end"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _count_others(engine: DuckDBEngine, table: Table, columns: tuple[str, ...], mapped: str) -> dict[str, int]:
    conditions = {column: sql for column, sql in other_sql(table, "m") if column in columns}
    if not conditions:
        return {}
    counts = ", ".join(f"count(*) filter (where {sql})" for sql in conditions.values())
    found = zip(conditions, engine.rows(f"select {counts} from {mapped} m")[0], strict=True)
    return {column: int(n) for column, n in found if n}


def _typed_sql(table: Table, columns: tuple[str, ...], mapped: str, source: str) -> str:
    cells, reasons = [], []
    for name in columns:
        column = table.by_name[name]
        text = f"m.{name}"
        if name == "event_id":
            text = f"coalesce({text}, {quoted(source[:12])} || ':' || m._file || ':' || m._row)"
        value = value_sql(column, text)
        cells.append(f"{value} as {name}")
        reasons.append(reason_sql(column, text, value, required=column.required))
    # Lists are dear to build: only rows with something against them get more than the empty one.
    told = f"list_filter([{', '.join(reasons)}], lambda x: x is not null)"
    told = f"case when coalesce({', '.join(reasons)}) is null then cast([] as varchar[]) else {told} end"
    origin = ", ".join(f"m.{name}" for name in ORIGIN)
    return f"select {origin}, {', '.join(cells)}, {told} as _reasons from {mapped} m"


def refuse_unusable(staged: Iterable[Staged], engine: DuckDBEngine, have: Collection[str], where: str) -> None:
    """Refuse a source that lacks a required table, or gives one without a single usable row.

    Parameters
    ----------
    staged : iterable of Staged
        What the source gives.
    engine : DuckDBEngine
        Holds it.
    have : collection of str
        Tables that the store has already.
    where : str
        The source, for the error.

    Raises
    ------
    InputError
        As said.
    """
    given = {each.table.name: each for each in staged}
    if not given:
        raise InputError.of("source", where, "holds no table of the contract", "check folder and mapping")
    for name in REQUIRED_TABLES:
        if name not in given:
            if name not in have:
                raise InputError.of(f"table '{name}'", where, "required and not there", "add it, or map it")
            continue
        rows, usable = engine.rows(f"select count(*), count(*) filter (where len(_reasons) = 0) from typed_{name}")[0]
        if not rows:
            raise InputError.of(f"table '{name}'", where, "empty", "export it with its rows")
        if not usable:
            each_reason = f"select unnest(_reasons) as r from typed_{name}"
            told = engine.rows(f"select r, count(*) from ({each_reason}) group by r order by 2 desc, 1")
            got = f"none of its {rows:,} rows is usable (most often: {told[0][0]})"
            raise InputError.of(f"table '{name}'", where, got, "check the mapping of that column")
