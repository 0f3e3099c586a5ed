"""Bring a source into the store: all of it or nothing, and every row accounted for."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from features.claims.contract import TABLES
from features.claims.counting import count
from features.claims.databases.draw import draw_databases
from features.claims.give_way import (
    MAX_MONTH_SHRINK,
    count_gave_way,
    find_gone,
    moved_tables,
    moves_settlements,
    refuse_shrinking,
)
from features.claims.judge import Stored, judge
from features.claims.mapping.file import DEFAULT, load_mapping
from features.claims.operations import NO_FATES, tell_fates
from features.claims.quality.limits import Limits, refuse_failing
from features.claims.quality.measure import measure, with_counts
from features.claims.reading.find import find_sources
from features.claims.reading.seal import seal
from features.claims.registers.extract import extract_of
from features.claims.registers.judge import judge_register
from features.claims.registers.registers import REGISTERS
from features.claims.staging.stage import stage
from features.claims.staging.unusable import refuse_unusable
from features.claims.store.catalog import Catalog
from features.claims.store.codes import allocate
from features.claims.store.history import FOLDER, keep
from features.claims.store.store import ClaimsStore
from features.claims.store.write import FOLDERS, remove_orphans, write_codes, write_quarantine, write_tables
from features.engine import DuckDBEngine, quoted
from features.errors import InputError
from features.vocabulary.months import check_month

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import date
    from pathlib import Path

    from features.claims.mapping import Mapping
    from features.claims.registers.extract import Extract
    from features.claims.report import SourceReport
    from features.claims.staging.staged import Staged


def ingest_source(
    source: Path,
    store: Path,
    *,
    mapping: str = DEFAULT,
    replace_months: Collection[str] = (),
    extracted: date | None = None,
    registers_give_way: bool = False,
    max_month_shrink: float = MAX_MONTH_SHRINK,
    limits: Limits | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    spill_folder: Path | None = None,
    progress: Callable[[str], None] | None = None,
    record: Callable[[SourceReport], None] | None = None,
) -> SourceReport:
    """Read a source under a mapping and store what is good.

    The caller holds the workspace as its one writer. Until the last step, which replaces one file, nothing of it
    can be seen; a run that is killed leaves the store as it was.

    Parameters
    ----------
    source, store : Path
        Folder of the extract; folder of the store.
    mapping : str, default "contract"
        Name of a shipped mapping, or path of a TOML file.
    replace_months : collection of str
        Claims months (YYYY-MM) whose stored rows give way to those of the source; rows of registers then replace
        those of the same day too.
    extracted : date, optional
        Day of which the source says what was so; by default as its mapping says, else that of its newest bills.
    registers_give_way : bool, default False
        Whether rows of registers replace those of the same day even where no month is replaced.
    max_month_shrink : float, default 0.2
        Share of a month's stored settlements, or lines, beyond which it may not shrink; 1 for any.
    limits : Limits, optional
        How many rows may fail a relation; by default ours.
    memory_limit, threads
        Of the engine.
    spill_folder : Path, optional
        Where it puts what memory does not hold; by default within the store.
    progress : callable, optional
        Told what is being done.
    record : callable, optional
        Given the report before the store changes; where it raises, the store stays as it was.

    Returns
    -------
    SourceReport
        What became of the rows read, by table, what gave way, and relations that should hold.

    Raises
    ------
    InputError
        The source or the mapping cannot be used, too many rows fail a relation, or a month would shrink too much;
        nothing was written.
    """
    tell = progress or (lambda _: None)
    for month in replace_months:
        check_month(month)
    plan = load_mapping(mapping)
    _refuse_replaced_delta(plan, replace_months)
    found = find_sources(source, plan)
    catalog = Catalog.read(store)
    before = ClaimsStore(store, catalog)
    with _workroom(store, catalog, memory_limit, threads, spill_folder) as (engine, staging):
        tell("reading")
        found += draw_databases(engine, plan, source, staging)
        sealed = seal(source, found)
        staged, files = stage(engine, plan, found, folder=source, staging=staging, source=sealed.digest)
        refuse_unusable(staged, engine, catalog.tables, f"in {source.name!r}")
        _refuse_absent_months(engine, staged, replace_months)
        tell("comparing with the store")
        extract = extract_of(engine, staged, before, plan, extracted)
        replaces = registers_give_way or bool(replace_months)
        judge_all(engine, before, staged, replace_months, extract, replaces=replaces)
        gave_way = count_gave_way(engine, catalog, staged, replace_months)
        refuse_shrinking(gave_way, max_month_shrink)
        tell("checking relations")
        quality, unchecked = measure(engine, staged, catalog.columns)
        report = replace(
            count(engine, staged, files, plan, sealed.digest),
            gave_way=gave_way,
            extract=extract,
            quality=quality,
            unchecked=unchecked,
        )
        refuse_failing(quality, limits or Limits(), f"in {source.name!r}", report.tables)
        tell("writing")
        tables = write_tables(engine, before, staged, replace_months, extract, replaces=replaces)
        changed = write_codes(engine, store, tables)
        changed = with_counts(changed, catalog, quality, moved_tables(staged))
        changed = write_quarantine(engine, store, changed, staged, report)
        sealed.check(source)
        if record is not None:
            record(report)
        if changed.digest() != catalog.digest():
            keep(store, catalog)
        if changed != catalog:
            changed.write(store)
    return report


def _refuse_replaced_delta(mapping: Mapping, months: Collection[str]) -> None:
    if months and any(block.operation for blocks in mapping.tables.values() for block in blocks):
        got = "a delta, which changes rows by key"
        raise InputError.of(f"mapping '{mapping.name}'", "with months to be replaced", got, "leave out one of the two")


@contextmanager
def _workroom(
    store: Path, catalog: Catalog, memory_limit: str, threads: int, spill_folder: Path | None
) -> Iterator[tuple[DuckDBEngine, Path]]:
    is_new = not store.exists()
    _refuse_links(store)
    staging = store / "staging"
    try:
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir(parents=True)
        remove_orphans(store, catalog)
        with DuckDBEngine(memory_limit, threads, spill_folder or staging / "spill") as engine:
            yield engine, staging
    finally:
        shutil.rmtree(staging, ignore_errors=True)
        if is_new and not (store / "catalog.json").exists():
            shutil.rmtree(store, ignore_errors=True)


def _refuse_links(store: Path) -> None:
    """Refuse a store with folders elsewhere: what is deleted and written there might not be the store's."""
    for path in (store, *(store / name for name in (*FOLDERS, FOLDER, "staging"))):
        if path.is_symlink():
            raise InputError.of("claims store", f"at {path}", "a link, not a folder", "put the folder itself there")


def _refuse_absent_months(engine: DuckDBEngine, staged: Collection[Staged], months: Collection[str]) -> None:
    if not months:
        return
    sql = "select distinct strftime(settle_time, '%Y-%m') from typed_settlements where _reasons is null"
    given = {row[0] for row in engine.rows(sql)} if any(s.table.name == "settlements" for s in staged) else set()
    absent = sorted(set(months) - given)
    if absent:
        got = f"has no settlements of it; it holds {', '.join(sorted(given)) or 'none'}"
        raise InputError.of(f"month {', '.join(absent)}", "to be replaced", f"the source {got}", "leave it out")


def judge_all(
    engine: DuckDBEngine,
    store: ClaimsStore,
    staged: Collection[Staged],
    replaced: Collection[str],
    extract: Extract | None,
    *,
    replaces: bool = False,
) -> None:
    """Judge every staged table against the store, settlements first, and find what gives way to a delta."""
    # Rows that give way are not looked at: a damaged month can be ingested anew. What registers know of it stays.
    stored = {part.month for name, parts in store.catalog.tables.items() if TABLES[name].has_month for part in parts}
    store.attach(engine, months=sorted(stored - set(replaced)), known_in=max(stored, default=None), all_versions=True)
    allocate(engine, staged)
    gone = f" where month not in ({', '.join(quoted(month) for month in sorted(replaced))})" if replaced else ""
    engine.create_view("kept_settlements", f"select * from settlements{gone}")
    by_name = {each.table.name: each for each in staged}
    if "settlements" not in by_name:
        engine.create_view("good_settlements", "select * from settlements where 1 = 0")
    # What names a claim and no version of it belongs to the newest that is stored.
    newest = "select * from kept_settlements where version_number is not null and claim_key is not null "
    newest += "qualify row_number() over (partition by claim_key order by version_number desc, settlement_key desc) = 1"
    own = "select settlement_key from kept_settlements where settlement_key is not null"
    is_any = store.has("settlements", "version_number")
    none = "select * from kept_settlements where 1 = 0"
    engine.create_view("newest_kept", f"select * from ({newest}) where claim_key not in ({own})" if is_any else none)
    moved, moves = moved_tables(staged), moves_settlements(staged)
    engine.create_view("fate_settlements", NO_FATES)
    for each in sorted(staged, key=lambda s: s.table.name != "settlements"):
        name = each.table.name
        if name in REGISTERS and extract is not None:
            judge_register(engine, store, each, extract, replaces=replaces)
            continue
        # Labels are no register: where months are replaced they are taken as they come.
        rows = f"select * from {name}{gone if each.table.has_month else ' where 1 = 0' if replaced else ''}"
        by_key = each.has_operation or (moves and each.table.hangs_on_settlement)
        judge(engine, each, Stored(rows, updates=by_key, by_key=by_key))
        if name == "settlements" and moves:
            tell_fates(engine)
            find_gone(engine, each.table, each, moved=moves)
            went = "select 1 from gone_settlements g where g.settlement_key = s.settlement_key"
            engine.create_view("kept_settlements", f"select * from settlements s where not exists ({went})")
    for name in moved:
        if name != "settlements":
            find_gone(engine, TABLES[name], by_name.get(name), moved=moves)
