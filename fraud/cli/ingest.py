"""`fraud ingest`: bring a source into the store."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from features.vocabulary.months import check_month
from fraud.cli.session import out, say, session, show_json, steps

if TYPE_CHECKING:
    from features.claims.report import FileCount, SourceReport, TableCount

_REASONS_SHOWN = 20
_FILES_SHOWN = 20
_USUAL = ("", "utf-8")
# Shown where there are any.
_MORE = {"n_outdated": "outdated", "n_deleted": "deletions"}


def ingest(
    context: typer.Context,
    *,
    source: Annotated[Path, typer.Argument(help="Folder of the extract.")],
    mapping: Annotated[str, typer.Option(help="Name of a shipped mapping, or a TOML file.")] = "contract",
    replace_month: Annotated[
        list[str] | None, typer.Option(help="Month whose stored rows give way, YYYY-MM; may be given again.")
    ] = None,
    extracted: Annotated[
        datetime | None,
        typer.Option(formats=["%Y-%m-%d"], help="Day of which the extract says what was so, YYYY-MM-DD."),
    ] = None,
    allow_shrink: Annotated[
        bool, typer.Option("--allow-shrink", help="Let a month lose more bills or lines than the settings allow.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Bring a source into the store; quarantine bad rows."""
    from features.claims import ingest_source
    from fraud.workspace_key import source_id

    shared = session(context)
    settings = shared.settings()
    engine = settings.engine
    months = tuple(check_month(month) for month in replace_month or ())
    with shared.workspace.writer(), steps("ingest") as tell:

        def record(found: SourceReport) -> None:
            source = source_id(shared.workspace.key(), found.source)
            shared.workspace.record("ingest", source=source, replaced=list(months), **_facts(found))

        report = ingest_source(
            source,
            shared.workspace.store,
            mapping=mapping,
            replace_months=months,
            extracted=extracted.date() if extracted else None,
            max_month_shrink=1 if allow_shrink else settings.ingest.max_month_shrink,
            limits=settings.ingest.limits,
            memory_limit=engine.memory_limit,
            threads=engine.threads,
            spill_folder=engine.spill(),
            progress=tell,
            record=record,
        )
        # Outside of the store a source goes by its keyed digest: a file of one row could be guessed from a plain one.
        report = replace(report, source=source_id(shared.workspace.key(), report.source))
    counts = {**total_counts(report), "n_relations_failing": sum(each.n_failing > 0 for each in report.quality)}
    say(f"ingest: source {report.source[:12]} under mapping '{report.mapping}'", **counts)
    if as_json:
        show_json(report.as_dict())
        return
    show_counts(report, stored="stored")
    show_failing(report)


def _facts(report: SourceReport) -> dict[str, Any]:
    """Tell the audit log what came in and what it changed, in counts."""
    dated = {"extracted": report.extract.day, "known_from": report.extract.month} if report.extract else {}
    changed = {
        each.table: {"updated": each.n_updated, "deleted": each.n_deleted, "outdated": each.n_outdated}
        for each in report.tables
        if each.n_updated or each.n_deleted or each.n_outdated
    }
    return {
        "mapping": report.mapping,
        "zone": report.zone,
        **dated,
        "gave_way": [asdict(each) for each in report.gave_way],
        "changed": changed,
        "failing": {each.name: [each.n_failing, each.n_checked] for each in report.quality if each.n_failing},
    }


def show_counts(report: SourceReport, *, stored: str) -> None:
    """Print row conservation by table, then every reason for quarantine."""
    console = out()
    more = [each for each in _MORE if any(getattr(count, each) for count in report.tables)]
    table = Table("table", "rows read", stored, "identical repeats", *(_MORE[each] for each in more), "quarantined")
    for count in report.tables:
        others = (getattr(count, each) for each in more)
        cells = (count.n_read, count.n_stored, count.n_repeats, *others, count.n_quarantined)
        table.add_row(count.table, *(f"{cell:,}" for cell in cells))
    console.print(table)
    console.print(f"months: {_span(report.months)}")
    if report.extract is not None:
        day, month = report.extract.day, report.extract.month
        console.print(f"extract of {day}, told by {report.extract.told_by}; its registers are known from {month} on")
    for each in report.gave_way:
        console.print(
            f"{each.month} {each.table}: {each.n_gone:,} of {each.n_before:,} stored rows gave way; now {each.n_now:,}"
        )
    for line in (*_file_remarks(report), *(line for count in report.tables for line in _remarks(count))):
        console.print(line)


def show_failing(report: SourceReport) -> None:
    """Print what should hold and does not."""
    for each in report.quality:
        if each.n_failing:
            counts = f"{each.n_failing:,} of {each.n_checked:,} rows fail (first: {each.first})"
            out().print(f"does not hold: {each.meaning}: {counts}")


def _file_remarks(report: SourceReport) -> list[str]:
    """Account for the lines of files that hold more than a header and rows of one line each."""
    odd = [each for each in report.files if _is_odd(each)]
    lines = [
        f"{each.file}: {each.n_lines:,} lines = {each.n_header_lines} header + {each.n_rows:,} rows + "
        f"{each.n_malformed:,} malformed + {each.n_further_lines:,} within quotes + {each.n_blank_lines:,} blank + "
        f"{each.n_skipped_lines:,} skipped"
        for each in odd[:_FILES_SHOWN]
    ]
    if len(odd) > _FILES_SHOWN:
        lines.append(f"and {len(odd) - _FILES_SHOWN} further files")
    coded = [each for each in report.files if each.encoding not in _USUAL]
    lines += [f"{each.file}: read as {each.encoding}" for each in coded[:_FILES_SHOWN]]
    return lines


def _is_odd(count: FileCount) -> bool:
    return bool(count.n_malformed or count.n_further_lines or count.n_blank_lines or count.n_skipped_lines)


def total_counts(report: SourceReport) -> dict[str, int]:
    """Rows of all tables, for the log."""
    names = ("n_read", "n_stored", "n_repeats", "n_outdated", "n_deleted", "n_quarantined")
    return {name: sum(getattr(count, name) for count in report.tables) for name in names}


def _remarks(count: TableCount) -> list[str]:
    lines = []
    for kind, told in (("quarantined", count.reasons), ("cells left empty", count.cells)):
        lines += [
            f"{count.table}: {n:,} {kind}: {reason}{f' (first: {first})' if first else ''}"
            for reason, n, first in told[:_REASONS_SHOWN]
        ]
        if len(told) > _REASONS_SHOWN:
            lines.append(f"{count.table}: and {len(told) - _REASONS_SHOWN} further reasons")
    lines += [f"{count.table}: {n:,} texts of {column} stand for nothing" for column, n in count.placeholders]
    if count.n_joined:
        lines.append(f"{count.table}: {count.n_joined:,} further rows of the source are part of a row that was read")
    if count.n_updated:
        lines.append(f"{count.table}: {count.n_updated:,} of those stored took the place of an older row")
    if count.n_outdated:
        lines.append(f"{count.table}: {count.n_outdated:,} rows are older than what is stored, which stays")
    lines += [f"{count.table}: {n:,} values of {column} became 'other'" for column, n in count.others]
    if count.unknown_columns:
        lines.append(f"{count.table}: columns not in the contract, ignored: {', '.join(count.unknown_columns)}")
    return lines


def _span(months: tuple[str, ...]) -> str:
    return f"{months[0]} to {months[-1]} ({len(months)})" if months else "none"
