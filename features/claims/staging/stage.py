"""From source texts to typed rows with reasons: the mapping applied, nothing judged against the store yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from features.claims.contract import TABLES
from features.claims.mapping import Block, Mapping
from features.claims.mapping.blocks import is_plain
from features.claims.mapping.expressions import create_macros
from features.claims.mapping.lacking import eased, is_left_out, without_lacking
from features.claims.mapping.lookups import make_crosswalks
from features.claims.reading.account import collect_rejected
from features.claims.reading.texts import open_raw
from features.claims.staging.typed_table import type_table
from features.claims.values.number_ids import refuse_number_ids
from features.claims.versions.ids import hang_on_newest, names_versions
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from pathlib import Path

    from features.claims.reading.found import Found
    from features.claims.report import FileCount
    from features.claims.staging.staged import Staged
    from features.engine import DuckDBEngine


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
            name: tuple(
                left
                for each in given
                if each.source in raw
                and (left := without_lacking(engine, each, raw[each.source].lacking))
                and not is_left_out(TABLES[name], each, left)
            )
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
        type_table(
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
    own = {column.lower(): column for column in columns}
    known = {column: f'"{own[column]}"' for column in TABLES[table].by_name if column in own}
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
