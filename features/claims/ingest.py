"""Bring a source into the store: all of it or nothing, and every row accounted for."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from features.claims.catalog import Catalog
from features.claims.codes import allocate
from features.claims.contract import TABLES
from features.claims.databases.draw import draw_databases
from features.claims.judge import judge
from features.claims.mapping import DEFAULT, load_mapping
from features.claims.reading.find import find_sources
from features.claims.reading.seal import seal
from features.claims.report import FileCount, SourceReport, TableCount
from features.claims.stage import Staged, refuse_unusable, stage
from features.claims.store import ClaimsStore
from features.claims.write import FOLDERS, remove_orphans, write_codes, write_quarantine, write_tables
from features.engine import DuckDBEngine
from features.errors import InputError
from features.vocabulary.months import check_month

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from pathlib import Path

    from features.claims.mapping import Mapping

# Why a line of a file is no row.
MALFORMED = "malformed line"


def ingest_source(
    source: Path,
    store: Path,
    *,
    mapping: str = DEFAULT,
    replace_months: Collection[str] = (),
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
        Claims months (YYYY-MM) whose stored rows give way to those of the source; rows of tables without months
        then replace those of the same key.
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
        Rows read, stored, repeated and quarantined, by table.

    Raises
    ------
    InputError
        The source or the mapping cannot be used; nothing was written.
    """
    tell = progress or (lambda _: None)
    for month in replace_months:
        check_month(month)
    plan = load_mapping(mapping)
    found = find_sources(source, plan)
    catalog = Catalog.read(store)
    with _workroom(store, catalog, memory_limit, threads, spill_folder) as (engine, staging):
        tell("reading")
        found += draw_databases(engine, plan, source, staging)
        sealed = seal(source, found)
        staged, files = stage(engine, plan, found, folder=source, staging=staging, source=sealed.digest)
        refuse_unusable(staged, engine, catalog.tables, f"in {source.name!r}")
        _refuse_absent_months(engine, staged, replace_months)
        tell("comparing with the store")
        judge_all(engine, ClaimsStore(store, catalog), staged, replace_months)
        report = count(engine, staged, files, plan, sealed.digest)
        tell("writing")
        changed = write_codes(engine, store, write_tables(engine, store, catalog, staged, replace_months))
        changed = write_quarantine(engine, store, changed, staged, sealed.digest)
        sealed.check(source)
        if record is not None:
            record(report)
        if changed != catalog:
            changed.write(store)
    return report


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
    for path in (store, *(store / name for name in (*FOLDERS, "staging"))):
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


def judge_all(engine: DuckDBEngine, store: ClaimsStore, staged: Collection[Staged], replaced: Collection[str]) -> None:
    """Judge every staged table against the store, settlements first."""
    # Rows that give way are not looked at: a damaged month can be ingested anew.
    stored = {part.month for name, parts in store.catalog.tables.items() if TABLES[name].has_month for part in parts}
    store.attach(engine, months=sorted(stored - set(replaced)), all_versions=True)
    allocate(engine, staged)
    gone = ", ".join(f"'{month}'" for month in sorted(replaced))
    engine.create_view(
        "kept_settlements", f"select * from settlements{f' where month not in ({gone})' if gone else ''}"
    )
    names = {each.table.name for each in staged}
    if "settlements" not in names:
        engine.create_view("good_settlements", "select * from settlements where 1 = 0")
    # What names a claim and no version of it belongs to the newest that is stored.
    newest = "select * from kept_settlements where version_number is not null and claim_key is not null "
    newest += "qualify row_number() over (partition by claim_key order by version_number desc, settlement_key desc) = 1"
    own = "select settlement_key from kept_settlements where settlement_key is not null"
    is_any = store.has("settlements", "version_number")
    none = "select * from kept_settlements where 1 = 0"
    engine.create_view("newest_kept", f"select * from ({newest}) where claim_key not in ({own})" if is_any else none)
    for each in sorted(staged, key=lambda s: s.table.name != "settlements"):
        judge(engine, each, replaced, upsert=bool(replaced))


def count(
    engine: DuckDBEngine, staged: Collection[Staged], files: Collection[FileCount], mapping: Mapping, source: str
) -> SourceReport:
    """Count what was judged; the counts refuse to be built when a row is lost."""
    given = {each.table.name for each in staged}
    months: list[str] = []
    if "settlements" in given:
        sql = "select distinct month from keyed_settlements"
        months = sorted(row[0] for row in engine.rows(sql))
    return SourceReport(
        mapping=mapping.name,
        source=source,
        zone=mapping.zone,
        months=tuple(months),
        tables=tuple(_count_table(engine, each) for each in staged),
        absent=tuple(name for name in TABLES if name not in given),
        files=tuple(files),
    )


def _count_table(engine: DuckDBEngine, staged: Staged) -> TableCount:
    name = staged.table.name
    rows = {k: _rows(engine, f"{k}_{name}") for k in ("keyed", "good", "repeat", "bad")}
    raws = dict.fromkeys(each.name for each in staged.sources)
    malformed = " union all ".join(f"select * from {raw}_rejected" for raw in raws)
    rejected, first = engine.rows(
        f"select count(*), min_by(_file || ' line ' || _row, (_file, _row)) from ({malformed})"
    )[0]
    faulty = int(engine.rows(f"select count(*) from bad_{name} where _is_faulty")[0][0])
    told = _reasons(engine, f"bad_{name}")
    if rejected:
        told.append((MALFORMED, rejected, first))
    return TableCount(
        table=name,
        n_read=rows["keyed"] + faulty + rejected,
        n_stored=rows["good"],
        n_repeats=rows["repeat"],
        n_quarantined=rows["bad"] + rejected,
        reasons=tuple(told),
        others=tuple(sorted(staged.others.items())),
        placeholders=tuple(sorted(staged.placeholders.items())),
        cells=tuple(_reasons(engine, f"cells_{name}")),
        unknown_columns=staged.unknown_columns,
        not_given=tuple(c.name for c in staged.table.columns if c.name not in staged.known),
        n_joined=staged.n_joined,
    )


def _reasons(engine: DuckDBEngine, table: str) -> list[tuple[str, int, str]]:
    """List the reasons of a table of set-aside rows: rows of each, and the place of the first."""
    place = "struct_pack(b := _block, f := _file, r := _row, p := _position)"
    found = engine.rows(
        f"select r, count(*), min_by(_file || ' row ' || _row, {place}) from "
        f"(select unnest(_reasons) as r, * from {table}) group by r order by 2 desc, 1"
    )
    return [(str(reason), int(n), str(first)) for reason, n, first in found]


def _rows(engine: DuckDBEngine, table: str) -> int:
    return int(engine.rows(f"select count(*) from {table}")[0][0])
