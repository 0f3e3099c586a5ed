"""`fraud feedback import`: what investigations found, back into the store."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from fraud.cli.session import out, say, session, show_json

_MOST_SHOWN = 20


def feedback_import(
    context: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(help="Returned workbook, the page's download, or a CSV of labels.")],
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Turn returned dispositions into labels; quarantine bad rows."""
    from fraud.cases.life.feedback import import_feedback

    shared = session(context)
    settings = shared.settings()
    with shared.workspace.writer():
        report = import_feedback(shared.workspace, file, settings=settings)
    say(f"feedback: {file.name}, source {report.source[:12]}")
    if as_json:
        show_json(report.as_dict())
        return
    console = out()
    table = Table("rows read", "labels stored", "identical repeats", "without decision", "quarantined")
    cells = (report.n_read, report.n_stored, report.n_repeats, report.n_open, report.n_quarantined)
    table.add_row(*(f"{cell:,}" for cell in cells))
    console.print(table)
    lines = [f"{decision}: {n:,}" for decision, n in report.decisions.items()]
    lines += [
        f"{n:,} quarantined: {reason}{f' (first: {first})' if first else ''}"
        for reason, n, first in report.reasons[:_MOST_SHOWN]
    ]
    if len(report.reasons) > _MOST_SHOWN:
        lines.append(
            f"{len(report.reasons) - _MOST_SHOWN:,} further reasons: all are kept with their rows in cases/quarantine"
        )
    if report.unknown_columns:
        names = [name[:40] for name in report.unknown_columns]
        lines.append(f"columns of no meaning here, ignored: {', '.join(names[:_MOST_SHOWN])}")
    if report.cells_outside:
        shown = ", ".join(report.cells_outside[:_MOST_SHOWN])
        lines.append(f"{len(report.cells_outside):,} cells outside the table, not read: {shown}")
    for line in lines:
        console.print(line)
