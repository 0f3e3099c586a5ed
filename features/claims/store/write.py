"""Write judged rows as immutable files and name them in a new catalogue."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from features.claims.contract import CODE_COLUMNS, TABLES, Table
from features.claims.give_way import moved_tables, replaced_tables, updated_sql
from features.claims.reading.damaged import shortened_sql
from features.claims.reading.limits import MAX_RAW_CHARACTERS
from features.claims.registers.registers import REGISTERS
from features.claims.registers.write import write_register
from features.claims.same_row import same_key
from features.claims.store.history import kept_parts
from features.claims.store.part import BECAME, CELLS
from features.claims.store.write_part import write_query
from features.engine import quoted
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from features.claims.registers.extract import Extract
    from features.claims.report import SourceReport
    from features.claims.staging.staged import Staged
    from features.claims.store.catalog import Catalog
    from features.claims.store.part import Part
    from features.claims.store.store import ClaimsStore
    from features.engine import DuckDBEngine

# Of a store, and all that is in them.
FOLDERS = ("parts", "days", "codes", "quarantine")
_NO_CELL = (
    "select '' as source_file, 0 as row_number, 0 as position, [''] as reasons, to_json('') as raw, "
    f"'' as {BECAME} where 1 = 0"
)


def write_tables(
    engine: DuckDBEngine,
    store: ClaimsStore,
    staged: Collection[Staged],
    replaced: Collection[str],
    extract: Extract | None,
    *,
    replaces: bool = False,
) -> Catalog:
    """Write the good rows of every table, by claims month, and return the catalogue that names them.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the judged tables.
    store : ClaimsStore
        What is stored.
    staged : collection of Staged
        The tables of the source.
    replaced : collection of str
        Months whose stored rows give way.
    extract : Extract, optional
        Day of the source.
    replaces : bool, default False
        Whether rows of registers of the same day give way.

    Returns
    -------
    Catalog
        Not yet the store's: the caller writes it last.
    """
    tables, columns, days = dict(store.catalog.tables), dict(store.catalog.columns), dict(store.catalog.days)
    if replaced:
        for name in replaced_tables(staged) & set(tables):
            tables[name] = tuple(part for part in tables[name] if part.month not in replaced)
    moved = moved_tables(staged)
    for name in moved:
        tables[name] = _without_gone(engine, store.folder, TABLES[name], tables.get(name, ()))
    months = months_of(engine, staged)
    for each in staged:
        name = each.table.name
        if name in REGISTERS and extract is not None:
            found = write_register(engine, store, each, extract, months, replaces=replaces)
            tables[name], days[name] = found.parts, found.days
        elif replaced and not each.table.has_month:
            tables[name] = _rewritten(engine, store.folder, each.table)
        else:
            rows = updated_sql(store.catalog.columns, each) if name in moved else f"good_{name}"
            new = _new_parts(engine, store.folder, each.table, rows)
            tables[name] = tuple(sorted({*tables.get(name, ()), *new}))
        columns[name] = tuple(sorted({*columns.get(name, ()), *each.known}))
    for name in moved:
        new = _new_parts(engine, store.folder, TABLES[name], f"carried_{name}")
        tables[name] = tuple(sorted({*tables[name], *new}))
    known = {name: parts for name, parts in tables.items() if parts or name in columns}
    return replace(store.catalog, tables=known, columns=columns, days={n: parts for n, parts in days.items() if parts})


def months_of(engine: DuckDBEngine, staged: Collection[Staged]) -> tuple[str, ...]:
    """Claims months of a source's usable settlements, sorted."""
    if all(each.table.name != "settlements" for each in staged):
        return ()
    return tuple(sorted(row[0] for row in engine.rows("select distinct month from keyed_settlements") if row[0]))


def _new_parts(engine: DuckDBEngine, store: Path, table: Table, good: str) -> list[Part]:
    columns = ", ".join(name for name, _ in table.stored)
    order = _order(table)
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


def _without_gone(engine: DuckDBEngine, store: Path, table: Table, parts: Collection[Part]) -> tuple[Part, ...]:
    """Write the months of which rows give way to a delta anew, without these rows."""
    columns = ", ".join(name for name, _ in table.stored)
    months = {row[0] for row in engine.rows(f"select distinct month from gone_{table.name}")}
    found = [part for part in parts if part.month not in months]
    for month in sorted(months):
        gone = f"select 1 from gone_{table.name} g where {same_key('g', 's', table)}"
        rows = f"select {columns} from {table.name} s where month = {quoted(month)} and not exists ({gone})"
        part = write_query(engine, store, f"parts/{table.name}/{month}", f"{rows} order by {_order(table)}")
        found += [replace(part, month=month)] if part else []
    return tuple(sorted(found))


def _rewritten(engine: DuckDBEngine, store: Path, table: Table) -> tuple[Part, ...]:
    """Write a table without months or snapshots anew: where they have the same key its rows are those of the source."""
    columns = ", ".join(name for name, _ in table.stored)
    same = same_key("g", "s", table)
    kept = f"select {columns} from {table.name} s where not exists (select 1 from good_{table.name} g where {same})"
    rows = f"select {columns} from good_{table.name} union all {kept}"
    part = write_query(engine, store, f"parts/{table.name}", f"select * from ({rows}) order by {_order(table)}")
    return (part,) if part else ()


def _order(table: Table) -> str:
    # The key is unique in a table; nothing else is needed for one order.
    return ", ".join(table.stored_key)


def write_codes(engine: DuckDBEngine, store: Path, catalog: Catalog) -> Catalog:
    """Write the new keys of every domain."""
    codes = dict(catalog.codes)
    # To write a file costs more than to ask, and most sources are of few domains.
    asked = (f"select '{domain}' where exists (select 1 from new_{domain})" for domain in CODE_COLUMNS)
    for (domain,) in sorted(engine.rows(" union all ".join(asked))):
        key, column = f"{domain}_key", CODE_COLUMNS[domain]
        sql = f"select cast({key} as bigint) as {key}, {column} from new_{domain} order by {key}"
        part = write_query(engine, store, f"codes/{domain}", sql)
        if part:
            codes[domain] = (*codes.get(domain, ()), part)
    return replace(catalog, codes=codes)


def write_quarantine(
    engine: DuckDBEngine, store: Path, catalog: Catalog, staged: Collection[Staged], report: SourceReport
) -> Catalog:
    """Write quarantined rows with file, row, every reason and their raw content; one file per table and source.

    Cells that could not be read go to a file of their own in the same form, with the whole row as it came: their rows
    are stored, so that they are not counted among rows of the quarantine.
    """
    quarantine = dict(catalog.quarantine)
    source, bad = report.source, {count.table for count in report.tables if count.n_quarantined}
    for each in staged:
        name = each.table.name
        parts = [part for part in quarantine.get(name, ()) if part.month.removesuffix(CELLS) != source]
        queries = {"": _quarantine_sql(engine, each)} if name in bad else {}
        if each.n_unread:
            queries[CELLS] = _as_it_came(engine, each, f"cells_{name}", [_NO_CELL], is_stored=True)
        for kind, sql in queries.items():
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
        f"to_json({{'line': raw}}) as raw, null as {BECAME} from {raw}_rejected"
        for raw in dict.fromkeys(each.name for each in staged.sources)
    ]
    return _as_it_came(engine, staged, f"bad_{staged.table.name}", malformed, is_stored=False)


def _as_it_came(engine: DuckDBEngine, staged: Staged, told: str, queries: list[str], *, is_stored: bool) -> str:
    """Return SQL of the rows of a table of reasons as they came; only files that have some are read again."""
    for block, file in engine.rows(f"select distinct _block, _file from {told} order by all"):
        view = staged.sources[block].parts[file].view
        queries.append(
            f"select b._file, b._row, b._position, b._reasons, {_bounded('to_json(r)')}, b.{BECAME} from {told} b "
            f"join (select * from {view}) r on r._row = b._row where b._block = {block} and b._file = {quoted(file)}"
        )
    more = f", {BECAME}" if staged.became else ""
    return (
        "select source_file, row_number, position, reasons, cast(raw as varchar) as raw, "
        f"{'true' if is_stored else 'false'} as is_stored{more} "
        f"from ({' union all '.join(queries)}) order by source_file, row_number, position, raw, reasons"
    )


def _bounded(row: str) -> str:
    """Return SQL of a row's raw content: whole, or its beginning as one text with the number of characters it lacks."""
    text = f"cast({row} as varchar)"
    whole = f"length({text}) <= {MAX_RAW_CHARACTERS}"
    return f"case when {whole} then {row} else to_json({{'line': {shortened_sql(text)}}}) end"


def remove_orphans(store: Path, catalog: Catalog) -> None:
    """Delete files of a store that neither its catalogue names nor one that is kept.

    A killed run left them, or nobody needs them now. Where a kept catalogue cannot be read nothing is deleted: nobody
    knows what it names.
    """
    try:
        live = catalog.files() | {part.file for part in kept_parts(store, catalog)}
    except InputError:
        return
    for folder in FOLDERS:
        for path in (store / folder).rglob("*"):
            if path.is_file() and path.relative_to(store).as_posix() not in live:
                path.unlink()
