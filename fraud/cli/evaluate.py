"""`fraud evaluate` and `fraud compare`: how good the rankings are, and what another model would change."""

from __future__ import annotations

import json
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from fraud.cli.session import out, say, session
from fraud.cli.train import AsJson, Entity, metrics_record, metrics_table

Budget = Annotated[float | None, typer.Option(min=0.0001, max=1.0, help="Share of subjects that are reviewed.")]
# A terminal is read, not scrolled.
_SHOWN = 20


def evaluate(
    context: typer.Context,
    *,
    month: Annotated[str, typer.Option(help="Scored month, YYYY-MM.")],
    entity: Annotated[Entity, typer.Option(help="Whose ranking.")] = Entity.provider,
    alias: Annotated[str, typer.Option(help="Model shown as `model`: champion, challenger or a version.")] = "champion",
    truth: Annotated[Path | None, typer.Option(help="Folder with the truth of an invented source.")] = None,
    budget: Budget = None,
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Labels known later are not used; default all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Metrics of a scored month at the review budget."""
    from experiments.evaluate import evaluate_month
    from features.claims import ClaimsStore

    shared = session(context)
    result = evaluate_month(
        shared.workspace,
        month,
        entity=entity.value,
        budget=budget or shared.settings().scoring.review_budget,
        as_of=as_of.date() if as_of else date.max,
        store=ClaimsStore.open(shared.workspace.store) if truth is None else None,
        truth=truth,
        alias=alias,
    )
    if as_json:
        record = {
            **{name: value for name, value in vars(result).items() if name not in {"metrics", "schemes"}},
            "metrics": metrics_record(result.metrics),
            "schemes": result.schemes.to_dict(orient="records"),
        }
        typer.echo(json.dumps(record, indent=2))
        return
    console = out()
    console.print(
        f"{result.entity}s of {result.month} against {result.against}: {result.n_subjects:,} subjects, "
        f"{result.n_positives:,} positive, budget {result.n_budget:,}",
        highlight=False,
    )
    console.print(metrics_table(result.metrics))
    if not result.schemes.empty:
        table = Table("scheme", "guilty", "most the budget allows", "found", "recall", "best rank", "median rank")
        for row in result.schemes.itertuples():
            counts = (str(row.n_guilty), str(row.n_possible), str(row.n_found), f"{row.recall:.2f}")
            table.add_row(row.scheme_code, *counts, str(row.best_rank), f"{row.median_rank:.0f}")
        console.print(table)
    for note in result.notes:
        say(f"note: {note}")


def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="Alias or version in use.")],
    second: Annotated[str, typer.Argument(help="Alias or version that may replace it.")],
    *,
    entity: Annotated[Entity, typer.Option(help="Whose models.")] = Entity.provider,
    month: Annotated[str | None, typer.Option(help="Scored month, YYYY-MM; default the last.")] = None,
    budget: Budget = None,
    as_json: AsJson = False,
) -> None:
    """Compare two model versions: leads gained and lost."""
    from experiments.compare import compare_versions

    shared = session(context)
    found = compare_versions(
        shared.workspace,
        first,
        second,
        entity=entity.value,
        month=month,
        budget=budget or shared.settings().scoring.review_budget,
    )
    if as_json:
        record = {**vars(found), "leads": found.leads.to_dict(orient="records")}
        typer.echo(json.dumps(record, indent=2))
        return
    console = out()
    console.print(
        f"{found.second} in place of {found.first} on {found.month}, {found.n_budget:,} leads: "
        f"{found.jaccard:.0%} in common; money of leads gained {found.gained_amount:,.2f}, "
        f"lost {found.lost_amount:,.2f}",
        highlight=False,
    )
    table = Table("lead", "change", "rank before", "rank after", "amount")
    for row in found.leads.head(_SHOWN).itertuples():
        table.add_row(row.subject_id, row.change, f"{row.rank_first:,}", f"{row.rank_second:,}", f"{row.amount:,.2f}")
    console.print(table)
    if len(found.leads) > _SHOWN:
        say(f"{len(found.leads) - _SHOWN:,} more leads changed; --json shows all")
