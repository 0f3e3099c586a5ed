"""`fraud store`: what the store holds."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from fraud.cli.session import out, session, show_json


def store(
    context: typer.Context,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="For a program to read.")] = False,
) -> None:
    """Show months, tables, rows, quarantined rows and size."""
    from features.claims import ClaimsStore
    from features.claims.store.describe import describe

    content = describe(ClaimsStore.open(session(context).workspace.store))
    if as_json:
        show_json(content.as_dict())
        return
    console = out()
    table = Table("table", "rows", "quarantined", "rows without a cell", "size")
    for each in content.tables:
        counts = (each.n_rows, each.n_quarantined, each.n_unread)
        table.add_row(each.table, *(f"{count:,}" for count in counts), _size(each.size_bytes))
    console.print(table)
    months = Table("month", "settlements")
    for month, rows in content.settlements_by_month.items():
        months.add_row(month, f"{rows:,}")
    console.print(months)
    console.print(f"snapshot {content.snapshot[:12]}, {_size(content.size_bytes)} in all")


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1_000_000:,.1f} MB"
