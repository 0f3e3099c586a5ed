"""Type a contract table: the texts of its blocks become rows with values and reasons."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from features.claims.contract import PERSONAL
from features.claims.mapping.blocks import block_sql, is_plain, without_given
from features.claims.mapping.computed import ALL_READ
from features.claims.mapping.failing import failing
from features.claims.mapping.lacking import lacked_columns
from features.claims.mapping.looked_up import without_moved
from features.claims.mapping.lookups import look_up
from features.claims.mapping.steps import uses
from features.claims.reading.reading import reading
from features.claims.staging.line_serials import are_serials, by_serial, needs_serials, with_serials
from features.claims.staging.staged import ORIGIN, Staged
from features.claims.values.operation_texts import operated_sql
from features.claims.values.parse import typed_sql
from features.claims.versions.ids import made_columns, named_sql
from features.engine import quoted
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from collections.abc import Mapping as MappingType

    from features.claims.contract import Table
    from features.claims.mapping import Block, Mapping
    from features.claims.reading.texts import Raw
    from features.engine import DuckDBEngine

# Tables of what became of the ids that each block looks up, by column.
Found = list[dict[str, str]]


def type_table(
    engine: DuckDBEngine,
    mapping: Mapping,
    table: Table,
    blocks: tuple[Block, ...],
    raw: MappingType[str, Raw],
    *,
    source: str,
    is_numbered: bool,
) -> Staged:
    """Make `typed_<name>` of a table.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the texts.
    mapping : Mapping
        How they become rows.
    table : Table
        The contract table, as the mapping requires it.
    blocks : tuple of Block
        Its blocks whose sources are there.
    raw : mapping of str to Raw
        Texts by source.
    source : str
        Digest of the source, for rows without a key of their own.
    is_numbered : bool
        Whether settlement_id and version_number name a settlement together.

    Raises
    ------
    InputError
        A required column is not given.
    """
    read_as, given = table, _made(blocks)
    if needs_serials(table, given):
        blocks, read_as = with_serials(blocks), by_serial(table)
        given = _made(blocks)
    _refuse_missing(read_as, given, mapping.name)
    columns = given | made_columns(table.name, blocks, is_numbered=is_numbered)
    if table.name == "trace_events":
        columns |= {"event_id"}  # made of file and row where the source has none, so that same-second repeats survive
    typing = _Typing(
        engine,
        mapping,
        table,
        read_as,
        blocks,
        columns=tuple(column.name for column in table.columns if column.name in columns),
        sources=tuple(raw[block.source] for block in blocks),
        source=source,
        is_numbered=is_numbered,
    )
    held, found = typing.at_once() if not is_plain(mapping, blocks) else (typing.by_file(), typing.nothing_found)
    are_texts = are_serials(engine, table, given, partial(typing.texts, found))
    for name in {name for became in found for name in became.values()}:
        engine.drop(name)
    if are_texts:
        again = with_serials(blocks)
        return type_table(engine, mapping, table, again, raw, source=source, is_numbered=is_numbered)
    n_unread, placeholders, others = _count_cells(engine, table, typing.columns)
    return Staged(
        table,
        typing.columns,
        typing.sources,
        held,
        unknown_columns=typing.unknown_columns,
        others=others,
        placeholders=placeholders,
        n_unread=n_unread,
        n_joined=_count_joined(engine, held) if not is_plain(mapping, blocks) else 0,
        has_operation=typing.has_operation,
        unknown=lacked_columns(engine, mapping, table.name, typing.columns),
        became=tuple(sorted(typing.looked_up)),
    )


def _made(blocks: Sequence[Block]) -> set[str]:
    return {column for block in blocks for column in block.made}


@dataclass(frozen=True)
class _Typing:
    """One table on its way: what it is made of, and the statements that make it."""

    engine: DuckDBEngine
    mapping: Mapping
    table: Table
    read_as: Table
    blocks: tuple[Block, ...]
    columns: tuple[str, ...]
    sources: tuple[Raw, ...]
    source: str
    is_numbered: bool

    @property
    def has_operation(self) -> bool:
        return any(block.operation for block in self.blocks)

    @property
    def unknown_columns(self) -> tuple[str, ...]:
        if not self.mapping.identity:
            return ()
        return tuple(column for column in self.sources[0].columns if column.lower() not in self.table.by_name)

    @property
    def looked_up(self) -> set[str]:
        found = {column for block in self.blocks for column in uses(self.mapping, block)}
        return {column for column in found if self.table.by_name[column].domain in PERSONAL}

    @property
    def nothing_found(self) -> Found:
        return [{} for _ in self.blocks]

    def by_file(self) -> tuple[str, ...]:
        """Type each file straight into a table of its own, where the place of a row is its number in the file."""
        held: list[str] = []
        placed = []
        for number, raw in enumerate(self.sources):
            for file, part in raw.parts.items():
                held.append(f"typed_{self.table.name}_{len(held)}")
                texts = self._block(number, part.view, {}, keep=(ALL_READ,))
                with reading(self.engine, file), failing(self.engine, self.table, self.blocks, self.sources):
                    self.engine.create_table(held[-1], self._typed(texts, (ALL_READ,), number))
                origin = f"{number} as _block, {quoted(file)} as _file, rowid + 1 as _row, 0 as _position"
                placed.append(f"select {origin}, * exclude ({ALL_READ}) from {held[-1]}")
        self.engine.create_view(f"typed_{self.table.name}", " union all ".join(placed))
        return tuple(held)

    def at_once(self) -> tuple[tuple[str, ...], Found]:
        """Type the rows of all blocks together, because they depend on each other."""
        name, table = f"typed_{self.table.name}", self.table
        with failing(self.engine, table, self.blocks, self.sources):
            found = [
                look_up(self.engine, self.mapping, table, block, source=texts, prefix=f"became_{number}")
                for number, (block, texts) in enumerate(zip(self.blocks, self.sources, strict=True))
            ]
            union = without_given(self.read_as, self.blocks, self.texts(found))
            # A register has one row for what is one now; rows of a month are told apart as they are.
            if not table.has_month and any(uses(self.mapping, block).keys() & {*table.key} for block in self.blocks):
                union = without_moved(table, union)
            self.engine.create_table(name, self._typed(union, (*ORIGIN, "_n")))
        return (name,), found

    def texts(self, found: Found) -> str:
        """Return SQL of the texts of all blocks."""
        each = zip(self.sources, found, strict=True)
        return " union all ".join(self._block(n, texts.name, became) for n, (texts, became) in enumerate(each))

    def _block(self, number: int, texts: str, found: MappingType[str, str], keep: Collection[str] = ()) -> str:
        return block_sql(
            self.mapping,
            self.read_as,
            self.blocks[number],
            self.columns,
            raw=self.sources[number].columns,
            number=number,
            texts=texts,
            keep=keep,
            found=found,
            has_operation=self.has_operation,
        )

    def _typed(self, texts: str, keep: tuple[str, ...], number: int | None = None) -> str:
        typed = partial(typed_sql, self.read_as, self.columns, source=self.source, zone=self.mapping.zone)
        rows = operated_sql(self.table, typed, texts, keep=keep) if self.has_operation else typed(texts, keep=keep)
        blocks = [(n, block) for n, block in enumerate(self.blocks) if number in {None, n}]
        return named_sql(rows, self.table.name, self.columns, blocks, is_numbered=self.is_numbered)


def _refuse_missing(table: Table, given: set[str], mapping: str) -> None:
    missing = [column for column in table.required if column not in given]
    if missing:
        got = f"required column {', '.join(missing)} is missing"
        raise InputError.of(f"table '{table.name}'", f"under mapping '{mapping}'", got, "map or add it")


def _count_cells(
    engine: DuckDBEngine, table: Table, columns: Collection[str]
) -> tuple[int, dict[str, int], dict[str, int]]:
    """Count the usable rows with a cell that could not be read and, by column, what stands for nothing or is other."""
    typed = f"typed_{table.name}"
    listed = [column for column in columns if "other" in table.by_name[column].values]
    counts = ["count(_cells)", "count(_placeholders)"]
    counts += [f"count(*) filter (where _other_{column})" for column in listed]
    n_unread, n_nothing, *n_others = map(int, engine.rows(f"select {', '.join(counts)} from {typed}")[0])
    sql = f"select unnest(_placeholders) as c, count(*) from {typed} where _placeholders is not null group by c"
    placeholders = {str(column): int(n) for column, n in engine.rows(sql)} if n_nothing else {}
    return n_unread, placeholders, {column: n for column, n in zip(listed, n_others, strict=True) if n}


def _count_joined(engine: DuckDBEngine, held: Sequence[str]) -> int:
    return int(engine.rows(f"select coalesce(sum(_n), 0) - count(*) from {held[0]}")[0][0])
