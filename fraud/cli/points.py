"""`fraud rules points`: what a year's findings suggest for practitioners' points, for a person to decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from features.vocabulary.money import money_text
from fraud.cli.options import AsJson
from fraud.cli.persons import ShowIds, persons_on_screen
from fraud.cli.session import out, session, show_json
from fraud.cli.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd


def rules_points(
    context: typer.Context,
    *,
    year: Annotated[int, typer.Option(min=1900, max=9999, help="Calendar year, YYYY.")],
    show_ids: ShowIds = None,
    as_json: AsJson = False,
) -> None:
    """Suggest points of practitioners from a year's scored months; nothing is written."""
    import pandas as pd

    from fraud.rules.life.points import suggest_points, with_totals
    from fraud.runs.read import ScoredRun, scored_months

    workspace = session(context).workspace
    persons = persons_on_screen(workspace, show_ids, "rules points", year=year)
    months = [month for month in scored_months(workspace) if month.startswith(f"{year:04d}-")]
    tables = [persons.findings(ScoredRun.open(workspace, month).table("findings")) for month in months]
    suggested = suggest_points(pd.concat(tables)) if tables else None
    if as_json:
        rows = [] if suggested is None else suggested.to_dict(orient="records")
        show_json({"year": year, "months": months, "suggestions": [_as_text(row) for row in rows]})
        return
    rows = [] if suggested is None else list(_rows(with_totals(suggested)))
    out().print(
        table_of(
            ("practitioner", "scheme", "result", "exposure", "suggested points", "if confirmed"),
            rows,
            ("result", "if confirmed"),
        )
    )
    out().print(f"Suggested for {year}, from {len(months)} scored months; a person decides.")


def _rows(suggested: pd.DataFrame) -> Iterator[tuple[object, ...]]:
    """Yield a row per practitioner and scheme; what all of a practitioner's lead to stands in the first of them."""
    before = None
    for row in suggested.itertuples():
        leads_to = "–" if row.if_confirmed == "none" else row.if_confirmed
        who = (row.practitioner_id, leads_to) if row.practitioner_id != before else ("", "")
        points = f"{row.least_points}-{row.most_points}"
        yield who[0], row.scheme_code, row.result_type, money_text(row.exposure_amount), points, who[1]
        before = row.practitioner_id


def _as_text(row: dict[str, object]) -> dict[str, object]:
    """Write money as text, as every answer for programs does."""
    return row | {"exposure_amount": money_text(int(str(row["exposure_amount"])))}
