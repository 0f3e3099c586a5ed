"""Report how a source meets the contract: the whole of ingest up to writing, which it leaves out."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from features.claims.counting import count
from features.claims.databases.draw import draw_databases
from features.claims.give_way import count_gave_way
from features.claims.ingest import judge_all
from features.claims.mapping.file import DEFAULT, load_mapping
from features.claims.quality.measure import measure
from features.claims.reading.find import find_sources
from features.claims.reading.seal import seal
from features.claims.registers.extract import extract_of
from features.claims.staging.stage import stage
from features.claims.staging.unusable import refuse_unusable
from features.claims.store.catalog import Catalog
from features.claims.store.store import ClaimsStore
from features.engine import DuckDBEngine

if TYPE_CHECKING:
    from features.claims.report import SourceReport


def check_source(
    source: Path,
    *,
    mapping: str = DEFAULT,
    store: Path | None = None,
    memory_limit: str = "4GB",
    threads: int = 2,
    spill_folder: Path | None = None,
) -> SourceReport:
    """Read and judge a source without storing anything.

    Parameters
    ----------
    source : Path
        Folder of the extract.
    mapping : str, default "contract"
        Name of a shipped mapping, or path of a TOML file.
    store : Path, optional
        A store to compare with: repeats, conflicts, and settlements that are there already.
    memory_limit, threads
        Of the engine.
    spill_folder : Path, optional
        Where it puts what memory does not hold; by default a temporary folder.

    Returns
    -------
    SourceReport
        Rows by table with every reason, what would be stored, amount identities and references, and what is
        not given.

    Raises
    ------
    InputError
        The source or the mapping cannot be used.
    """
    plan = load_mapping(mapping)
    found = find_sources(source, plan)
    catalog = Catalog.read(store) if store is not None else Catalog()
    with tempfile.TemporaryDirectory(prefix="check-") as folder:
        staging = Path(folder)
        with DuckDBEngine(memory_limit, threads, spill_folder or staging / "spill") as engine:
            found += draw_databases(engine, plan, source, staging)
            sealed = seal(source, found)
            staged, files = stage(engine, plan, found, folder=source, staging=staging, source=sealed.digest)
            sealed.check(source)
            refuse_unusable(staged, engine, catalog.tables, f"in {source.name!r}")
            before = ClaimsStore(store or staging, catalog)
            extract = extract_of(engine, staged, before, plan, None)
            judge_all(engine, before, staged, (), extract)
            gave_way = count_gave_way(engine, catalog, staged, ())
            quality, unchecked = measure(engine, staged, catalog.columns)
            report = count(engine, staged, files, plan, sealed.digest)
    return replace(report, quality=quality, unchecked=unchecked, extract=extract, gave_way=gave_way)
