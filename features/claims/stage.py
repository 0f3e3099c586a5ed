"""From source texts to typed rows with reasons: the mapping applied, nothing judged against the store yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from features.claims.blocks import block_sql, is_plain, without_given
from features.claims.computed import ALL_READ
from features.claims.contract import TABLES, Table
from features.claims.expressions import create_macros
from features.claims.failing import failing
from features.claims.lacking import eased, lacked_columns, without_lacking
from features.claims.line_serials import are_serials, by_serial, needs_serials, with_serials
from features.claims.looked_up import without_moved
from features.claims.lookups import look_up, make_crosswalks
from features.claims.mapping import Block, Mapping
from features.claims.mapping_steps import uses
from features.claims.number_ids import refuse_number_ids
from features.claims.operation_texts import operated_sql
from features.claims.parse import typed_sql
from features.claims.reading.account import collect_rejected
from features.claims.reading.reading import reading
from features.claims.reading.texts import Raw, open_raw
from features.claims.version_ids import hang_on_newest, made_columns, named_sql, names_versions
from features.engine import quoted
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence
    from collections.abc import Mapping as MappingType
    from pathlib import Path

    from features.claims.reading.found import Found
    from features.claims.report import FileCount
    from features.engine import DuckDBEngine

# Where a row came from, which is also its place in the order of the source; beside the contract columns in every
# staged table. `_block` counts the mapping's blocks, `_position` the rows made of one source row.
ORIGIN = ("_block", "_file", "_row", "_position")


@dataclass(frozen=True)
class Staged:
    """A contract table as one source gives it, in the engine as `typed_<name>`.

    Parameters
    ----------
    table : Table
        The contract table.
    columns : tuple of str
        Contract columns that the source gives.
    sources : tuple of Raw
        The texts that it was made from, by block.
    held : tuple of str
        Tables that the rows lie in.
    unknown_columns : tuple of str
        Source columns that an identity mapping did not recognise.
    others : dict of str to int
        Rows, by column, whose unlisted value became `other`.
    placeholders : dict of str to int
        Rows, by column, whose text stands for "none" or "open end".
    n_unread : int
        Usable rows with a cell that could not be read.
    n_joined : int
        Rows of the source that went into another: of a group, equal ones, or of a register after a look-up.
    has_operation : bool
        Whether rows say what they do to what is stored under their key: `_operation`.
    unknown : tuple of str
        Of `columns`, those that count as not given: they hold stand-ins, or may be empty and are.
    """

    table: Table
    columns: tuple[str, ...]
    sources: tuple[Raw, ...]
    held: tuple[str, ...]
    unknown_columns: tuple[str, ...]
    others: dict[str, int]
    placeholders: dict[str, int]
    n_unread: int
    n_joined: int = 0
    has_operation: bool = False
    unknown: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Contract columns that the source gives and knows."""
        return tuple(column for column in self.columns if column not in self.unknown)


def stage(
    engine: DuckDBEngine, mapping: Mapping, found: Iterable[Found], *, folder: Path, staging: Path, source: str
) -> tuple[tuple[Staged, ...], tuple[FileCount, ...]]:
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

    Returns
    -------
    tuple of Staged
        The tables.
    tuple of FileCount
        What became of every line of every file.

    Raises
    ------
    InputError
        A file cannot be read, or a required column is missing.
    """
    found = tuple(found)
    create_macros(engine)
    # Instants are written with the offset of this zone, so that an expression that takes them apart sees local time.
    engine.execute(f"set timezone = {quoted(mapping.zone or 'UTC')}")
    once = _read_once(mapping, [each.name for each in found])
    # Numbers keep apart what names do not: those of files from those of sources, and spellings in other cases.
    raw = {
        each.name: open_raw(engine, each, folder, staging, f"source_{number}", keep=each.name not in once)
        for number, each in enumerate(found)
    }
    if mapping.identity:
        blocks: dict[str, tuple[Block, ...]] = {
            name: (_identity(name, each.columns),) for name, each in raw.items() if name in TABLES
        }
    else:
        blocks = {
            name: tuple(without_lacking(engine, each, raw[each.source].lacking) for each in given if each.source in raw)
            for name, given in mapping.tables.items()
        }
    make_crosswalks(engine, mapping, raw)
    given = {
        name: frozenset[str]().union(*(block.made for block in found_blocks))
        for name, found_blocks in blocks.items()
        if found_blocks
    }
    is_numbered = names_versions(given, blocks.get("settlements", ()))
    files_of = {each.name: each.files for each in found}
    for name, of_table in blocks.items():
        refuse_number_ids(engine, TABLES[name], of_table, files_of)
    staged = tuple(
        _stage_table(
            engine, mapping, eased(TABLES[name], mapping), blocks[name], raw, source=source, is_numbered=is_numbered
        )
        for name in TABLES
        if blocks.get(name)
    )
    if is_numbered and "settlements" in given:
        lies_in = hang_on_newest(engine, staged)
        staged = tuple(replace(each, held=tuple(lies_in.get(name, name) for name in each.held)) for each in staged)
    held = {view: table for each in staged for view, table in _held_by_view(each).items()}
    files: list[FileCount] = []
    for each in raw.values():
        tables = {file: part.view if each.is_kept else held[part.view] for file, part in each.parts.items()}
        n_rows = {file: int(engine.rows(f"select count(*) from {table}")[0][0]) for file, table in tables.items()}
        files += collect_rejected(engine, each, n_rows)
    return staged, tuple(files)


def _held_by_view(staged: Staged) -> dict[str, str]:
    """Tables that the rows of one file each lie in, by the view of the file."""
    views = [part.view for source in staged.sources for part in source.parts.values()]
    return dict(zip(views, staged.held, strict=True)) if len(views) == len(staged.held) else {}


def _identity(table: str, columns: Collection[str]) -> Block:
    known = {column: '"' + column + '"' for column in TABLES[table].by_name if column in columns}
    return Block(source=table, columns=known)


def _read_once(mapping: Mapping, found: Collection[str]) -> set[str]:
    """List the sources that one reading is enough for: one block asks for them, and takes every row for itself."""
    asked = {lookup.source for lookup in mapping.lookups.values()}
    if mapping.identity:
        moved = {column for lookup in mapping.lookups.values() for column in lookup.columns}
        return {name for name in found if name in TABLES and not moved & TABLES[name].by_name.keys()}
    n_blocks = Counter(block.source for blocks in mapping.tables.values() for block in blocks)
    plain = {block.source for blocks in mapping.tables.values() if is_plain(mapping, blocks) for block in blocks}
    return {source for source in plain if n_blocks[source] == 1 and source not in asked}


def _stage_table(
    engine: DuckDBEngine,
    mapping: Mapping,
    table: Table,
    blocks: tuple[Block, ...],
    raw: MappingType[str, Raw],
    *,
    source: str,
    is_numbered: bool,
) -> Staged:
    given = {column for block in blocks for column in block.made}
    read_as = table
    if needs_serials(table, given):
        blocks = with_serials(blocks)
        given = {column for block in blocks for column in block.made}
        read_as = by_serial(table)
    _refuse_missing(read_as, given, mapping.name)
    if table.name == "trace_events":
        given.add("event_id")  # made of file and row where the source has none, so that same-second repeats survive
    given |= made_columns(table.name, blocks, is_numbered=is_numbered)
    columns = tuple(column.name for column in table.columns if column.name in given)
    sources = tuple(raw[block.source] for block in blocks)
    has_operation = any(block.operation for block in blocks)
    queries = [
        partial(
            block_sql, mapping, read_as, block, columns, raw=texts.columns, number=number, has_operation=has_operation
        )
        for number, (block, texts) in enumerate(zip(blocks, sources, strict=True))
    ]
    as_typed = partial(typed_sql, read_as, columns, source=source, zone=mapping.zone)
    if has_operation:
        as_typed = partial(operated_sql, table, as_typed)

    def typed(texts: str, keep: tuple[str, ...], number: int | None = None) -> str:
        of = [(n, block) for n, block in enumerate(blocks) if number in {None, n}]
        return named_sql(as_typed(texts, keep=keep), table.name, columns, of, is_numbered=is_numbered)

    n_joined = 0
    found: list[dict[str, str]] = [{} for _ in blocks]
    if is_plain(mapping, blocks):
        held = _type_files(engine, table, blocks, sources, queries=queries, typed=typed)
    else:
        held = (f"typed_{table.name}",)
        with failing(engine, table, blocks, sources):
            found = [
                look_up(engine, mapping, table, block, source=texts, prefix=f"became_{number}")
                for number, (block, texts) in enumerate(zip(blocks, sources, strict=True))
            ]
            union = without_given(read_as, blocks, _together(queries, sources, found))
            # A register has one row for what is one now; rows of a month are told apart as they are.
            if not table.has_month and any(uses(mapping, block).keys() & {*table.key} for block in blocks):
                union = without_moved(table, union)
            engine.create_table(held[0], typed(union, keep=(*ORIGIN, "_n")))
        n_joined = int(engine.rows(f"select coalesce(sum(_n), 0) - count(*) from {held[0]}")[0][0])
    are_texts = are_serials(engine, table, given, _together(queries, sources, found))
    for became in found:
        for name in became.values():
            engine.drop(name)
    if are_texts:
        again = with_serials(blocks)
        return _stage_table(engine, mapping, table, again, raw, source=source, is_numbered=is_numbered)
    others = _count_others(engine, table, columns)
    unknown = tuple(c for c in sources[0].columns if c not in table.by_name) if mapping.identity else ()
    placeholders, n_unread = _count_empty(engine, table)
    lacked = lacked_columns(engine, mapping, table.name, columns)
    return Staged(
        table,
        columns,
        sources,
        held,
        unknown_columns=unknown,
        others=others,
        placeholders=placeholders,
        n_unread=n_unread,
        n_joined=n_joined,
        has_operation=has_operation,
        unknown=lacked,
    )


def _together(
    queries: Sequence[Callable[..., str]], sources: Sequence[Raw], found: Sequence[MappingType[str, str]]
) -> str:
    each = zip(queries, sources, found, strict=True)
    return " union all ".join(query(texts=texts.name, found=became) for query, texts, became in each)


def _type_files(
    engine: DuckDBEngine,
    table: Table,
    blocks: Sequence[Block],
    sources: Sequence[Raw],
    *,
    queries: Sequence[Callable[..., str]],
    typed: Callable[..., str],
) -> tuple[str, ...]:
    """Type each file straight into a table of its own, where the place of a row is its number in the file."""
    held: list[str] = []
    placed = []
    for number, (raw, query) in enumerate(zip(sources, queries, strict=True)):
        for file, part in raw.parts.items():
            held.append(f"typed_{table.name}_{len(held)}")
            with reading(engine, file), failing(engine, table, blocks, sources):
                engine.create_table(held[-1], typed(query(texts=part.view, keep=(ALL_READ,)), (ALL_READ,), number))
            origin = f"{number} as _block, {quoted(file)} as _file, rowid + 1 as _row, 0 as _position"
            placed.append(f"select {origin}, * exclude ({ALL_READ}) from {held[-1]}")
    engine.create_view(f"typed_{table.name}", " union all ".join(placed))
    return tuple(held)


def _refuse_missing(table: Table, given: set[str], mapping: str) -> None:
    missing = [column for column in table.required if column not in given]
    if missing:
        got = f"required column {', '.join(missing)} is missing"
        raise InputError.of(f"table '{table.name}'", f"under mapping '{mapping}'", got, "map or add it")


def _count_others(engine: DuckDBEngine, table: Table, columns: Collection[str]) -> dict[str, int]:
    found = [column for column in columns if "other" in table.by_name[column].values]
    if not found:
        return {}
    counts = ", ".join(f"count(*) filter (where _other_{column})" for column in found)
    row = engine.rows(f"select {counts} from typed_{table.name}")[0]
    return {column: int(n) for column, n in zip(found, row, strict=True) if n}


def _count_empty(engine: DuckDBEngine, table: Table) -> tuple[dict[str, int], int]:
    """Count what stands for nothing, by column, and the usable rows with a cell that could not be read."""
    typed = f"typed_{table.name}"
    n_unread, n_nothing = engine.rows(f"select count(_cells), count(_placeholders) from {typed}")[0]
    sql = f"select unnest(_placeholders) as c, count(*) from {typed} where _placeholders is not null group by c"
    return ({str(column): int(n) for column, n in engine.rows(sql)} if n_nothing else {}), int(n_unread)
