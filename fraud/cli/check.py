"""`fraud check`: how a source meets the contract."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from fraud.cli.chinese import told
from fraud.cli.ingest import show_counts
from fraud.cli.session import out, session, show_json, steps

if TYPE_CHECKING:
    from features.claims.report import SourceReport


def check(
    context: typer.Context,
    *,
    source: Annotated[Path, typer.Argument(help="Folder of the extract.")],
    mapping: Annotated[str, typer.Option(help="Name of a shipped mapping, or a TOML file.")] = "contract",
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Report how a source meets the contract; write nothing."""
    from features.claims import check_source
    from features.claims.quality.limits import refuse_failing
    from fraud.workspace_key import FILE_NAME, source_id

    shared = session(context)
    settings = shared.settings()
    engine = settings.engine
    store = shared.workspace.store
    with steps("check") as tell:
        tell("reading")
        report = check_source(
            source,
            mapping=mapping,
            store=store if store.is_dir() else None,
            memory_limit=engine.memory_limit,
            threads=engine.threads,
            spill_folder=engine.spill(),
        )
    # Nothing is written, a key neither: without one there is no name under which the source may be told.
    has_key = (shared.workspace.root / FILE_NAME).exists()
    report = replace(report, source=source_id(shared.workspace.key(), report.source) if has_key else "")
    if as_json:
        show_json(report.as_dict())
    else:
        show_counts(report, stored="usable")
        _show_quality(report)
    # Ends as ingest would, once all is told.
    refuse_failing(report.quality, settings.ingest.limits, f"in {source.name!r}", report.tables)


def _show_quality(report: SourceReport) -> None:
    console = out()
    table = Table("what should hold", "rows", "failing", "first")
    for each in report.quality:
        table.add_row(told(each.meaning), f"{each.n_checked:,}", f"{each.n_failing:,}", each.first)
    console.print(table)
    for meaning in report.unchecked:
        console.print(f"not checked, columns not given: {meaning}")
    for given in report.tables:
        if given.not_given:
            console.print(f"{given.table}: not given: {', '.join(given.not_given)}")
    if report.absent:
        console.print(f"tables not given: {', '.join(report.absent)}")
