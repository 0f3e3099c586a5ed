"""Write judged rows as immutable files and name them in a new catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from features.claims.contract import CODE_COLUMNS, SETTLEMENT_TABLES, Table
from features.claims.part import CELLS, Part, content_name
from features.claims.reading.damaged import shortened_sql
from features.claims.reading.limits import MAX_RAW_CHARACTERS
from features.durable import to_disk
from features.engine import quoted

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from features.claims.catalog import Catalog
    from features.claims.stage import Staged
    from features.engine import DuckDBEngine

# Of a store, and all that is in them.
FOLDERS = ("parts", "codes", "quarantine")


def write_tables(
    engine: DuckDBEngine, store: Path, catalog: Catalog, staged: Collection[Staged], replaced: Collection[str]
) -> Catalog:
    """Write the good rows of every table, by claims month, and return the catalogue that names them.

    Returns
    -------
    Catalog
        Not yet the store's: the caller writes it last.
    """
    tables, columns = dict(catalog.tables), dict(catalog.columns)
    names = {each.table.name for each in staged}
    if replaced:
        gone = names | (set(SETTLEMENT_TABLES) if "settlements" in names else set())
        for name in gone & set(tables):
            tables[name] = tuple(part for part in tables[name] if part.month not in replaced)
    for each in staged:
        name = each.table.name
        if replaced and not each.table.has_month:
            tables[name] = _rewritten(engine, store, each.table)
        else:
            tables[name] = tuple(sorted({*tables.get(name, ()), *_new_parts(engine, store, each.table)}))
        columns[name] = tuple(sorted({*columns.get(name, ()), *each.known}))
    return replace(catalog, tables=tables, columns=columns)


def _new_parts(engine: DuckDBEngine, store: Path, table: Table) -> list[Part]:
    columns = ", ".join(name for name, _ in table.stored)
    order = _order(table)
    good = f"good_{table.name}"
    if not table.has_month:
        found = write_query(engine, store, f"parts/{table.name}", f"select {columns} from {good} order by {order}")
        return [found] if found else []
    months = sorted(row[0] for row in engine.rows(f"select distinct month from {good}"))
    parts = []
    for month in months:
        sql = f"select {columns} from {good} where month = {quoted(month)} order by {order}"
        part = write_query(engine, store, f"parts/{table.name}/{month}", sql)
        if part:
            parts.append(replace(part, month=month))
    return parts


def _rewritten(engine: DuckDBEngine, store: Path, table: Table) -> tuple[Part, ...]:
    """Write a table without months anew: its rows, where they have the same key those of the source."""
    columns = ", ".join(name for name, _ in table.stored)
    key = [table.by_name[column].stored_name for column in table.key]
    same = " and ".join(f"g.{column} is not distinct from s.{column}" for column in key)
    kept = f"select {columns} from {table.name} s where not exists (select 1 from good_{table.name} g where {same})"
    rows = f"select {columns} from good_{table.name} union all {kept}"
    part = write_query(engine, store, f"parts/{table.name}", f"select * from ({rows}) order by {_order(table)}")
    return (part,) if part else ()


def _order(table: Table) -> str:
    # The key is unique in a table; nothing else is needed for one order.
    return ", ".join(table.by_name[column].stored_name for column in table.key)


def write_codes(engine: DuckDBEngine, store: Path, catalog: Catalog) -> Catalog:
    """Write the new keys of every domain."""
    codes = dict(catalog.codes)
    for domain, column in CODE_COLUMNS.items():
        key = f"{domain}_key"
        sql = f"select cast({key} as bigint) as {key}, {column} from new_{domain} order by {key}"
        part = write_query(engine, store, f"codes/{domain}", sql)
        if part:
            codes[domain] = (*codes.get(domain, ()), part)
    return replace(catalog, codes=codes)


def write_quarantine(
    engine: DuckDBEngine, store: Path, catalog: Catalog, staged: Collection[Staged], source: str
) -> Catalog:
    """Write quarantined rows with file, row, every reason and their raw content; one file per table and source.

    Cells that could not be read go to a file of their own in the same form, with the whole row as it came: their rows
    are stored, so that they are not counted among rows of the quarantine.
    """
    quarantine = dict(catalog.quarantine)
    for each in staged:
        name = each.table.name
        parts = [part for part in quarantine.get(name, ()) if part.month.removesuffix(CELLS) != source]
        for kind, sql in (("", _quarantine_sql(engine, each)), (CELLS, _cells_sql(engine, each))):
            part = write_query(engine, store, f"quarantine/{name}", sql)
            parts += [replace(part, month=f"{source}{kind}")] if part else []
        quarantine[name] = tuple(sorted(parts))
        if not quarantine[name]:
            del quarantine[name]
    return replace(catalog, quarantine=quarantine)


def _quarantine_sql(engine: DuckDBEngine, staged: Staged) -> str:
    """One row per quarantined row of the source."""
    malformed = [
        f"select _file as source_file, _row as row_number, 0 as position, [reason] as reasons, "
        f"to_json({{'line': raw}}) as raw from {raw}_rejected"
        for raw in dict.fromkeys(each.name for each in staged.sources)
    ]
    return _as_it_came(engine, staged, f"bad_{staged.table.name}", malformed, is_stored=False)


def _cells_sql(engine: DuckDBEngine, staged: Staged) -> str:
    """One row per row of the source that is kept without a cell of it."""
    nothing = (
        "select '' as source_file, 0 as row_number, 0 as position, [''] as reasons, to_json('') as raw where 1 = 0"
    )
    return _as_it_came(engine, staged, f"cells_{staged.table.name}", [nothing], is_stored=True)


def _as_it_came(engine: DuckDBEngine, staged: Staged, told: str, queries: list[str], *, is_stored: bool) -> str:
    """Return SQL of the rows of a table of reasons as they came; only files that have some are read again."""
    for block, file in engine.rows(f"select distinct _block, _file from {told} order by all"):
        view = staged.sources[block].parts[file].view
        queries.append(
            f"select b._file, b._row, b._position, b._reasons, {_bounded('to_json(r)')} from {told} b "
            f"join (select * from {view}) r on r._row = b._row where b._block = {block} and b._file = {quoted(file)}"
        )
    return (
        "select source_file, row_number, position, reasons, cast(raw as varchar) as raw, "
        f"{'true' if is_stored else 'false'} as is_stored "
        f"from ({' union all '.join(queries)}) order by source_file, row_number, position, raw, reasons"
    )


def _bounded(row: str) -> str:
    """Return SQL of a row's raw content: whole, or its beginning as one text with the number of characters it lacks."""
    text = f"cast({row} as varchar)"
    whole = f"length({text}) <= {MAX_RAW_CHARACTERS}"
    return f"case when {whole} then {row} else to_json({{'line': {shortened_sql(text)}}}) end"


def write_query(engine: DuckDBEngine, store: Path, folder: str, sql: str) -> Part | None:
    """Write a query under the digest of its bytes; None where it has no rows."""
    target = store / folder
    target.mkdir(parents=True, exist_ok=True)
    waiting = target / "writing.parquet"
    rows = engine.write_parquet(sql, waiting)
    if not rows:
        waiting.unlink()
        if not any(target.iterdir()):
            target.rmdir()
        return None
    name = content_name(waiting)
    # The rows reach the disk before the name that vouches for them.
    to_disk(waiting)
    waiting.replace(target / name)
    to_disk(target)
    return Part(month="", file=f"{folder}/{name}", rows=rows)


def remove_orphans(store: Path, catalog: Catalog) -> None:
    """Delete files of a store that its catalogue does not name: a killed run left them, or nobody needs them now."""
    live = catalog.files()
    for folder in FOLDERS:
        for path in (store / folder).rglob("*"):
            if path.is_file() and path.relative_to(store).as_posix() not in live:
                path.unlink()
