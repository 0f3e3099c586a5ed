"""`fraud rules points`: what a year's findings suggest for practitioners' points, for a person to decide."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from features.vocabulary.money import money_text
from fraud.cli.options import AsJson
from fraud.cli.session import out, session, show_json


def rules_points(
    context: typer.Context,
    *,
    year: Annotated[int, typer.Option(min=1900, max=9999, help="Calendar year, YYYY.")],
    as_json: AsJson = False,
) -> None:
    """Suggest points of practitioners from a year's scored months; nothing is written."""
    import pandas as pd

    from fraud.rules.points import suggest_points, total_points
    from fraud.runs.read import ScoredRun, scored_months

    workspace = session(context).workspace
    months = [month for month in scored_months(workspace) if month.startswith(f"{year:04d}-")]
    tables = [ScoredRun.open(workspace, month).table("findings") for month in months]
    suggested = suggest_points(pd.concat(tables)) if tables else None
    totals = None if suggested is None else total_points(suggested)
    if as_json:
        rows = [] if suggested is None else suggested.to_dict(orient="records")
        show_json({"year": year, "months": months, "suggestions": [_as_text(row) for row in rows]})
        return
    table = Table("practitioner", "schemes", "exposure", "points", "if confirmed")
    for row in [] if totals is None else totals.itertuples():
        points = f"{row.least_points}-{row.most_points}"
        table.add_row(
            row.practitioner_id, str(row.n_schemes), money_text(row.exposure_amount), points, row.if_confirmed
        )
    out().print(table)
    out().print(f"Suggested for {year}, from {len(months)} scored months; a person decides.")


def _as_text(row: dict[str, object]) -> dict[str, object]:
    """Write money as text, as every answer for programs does."""
    return row | {"exposure_amount": money_text(int(str(row["exposure_amount"])))}
