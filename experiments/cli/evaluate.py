"""`fraud evaluate` and `fraud compare`: how good the rankings are, and what another model would change."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from experiments.cli.train import metrics_record, metrics_table
from features.errors import InputError
from features.vocabulary.entities import Entity as RankedEntity
from features.vocabulary.months import check_month
from features.vocabulary.text import LANGUAGES
from fraud.cli.options import AsJson, Entity, Ranked
from fraud.cli.persons import ShowIds, persons_on_screen
from fraud.cli.session import Session, out, say, session, show_json

Budget = Annotated[float | None, typer.Option(min=0.0001, max=1.0, help="Share of subjects that are reviewed.")]
# A terminal is read, not scrolled.
_SHOWN = 20


def evaluate(
    context: typer.Context,
    *,
    month: Annotated[str, typer.Option(help="Scored month, YYYY-MM.")],
    entity: Annotated[Ranked | None, typer.Option(help="Whose ranking; with --truth all, else provider.")] = None,
    alias: Annotated[
        str, typer.Option(help="Model shown as `model`: champion, challenger, a version, or none.")
    ] = "champion",
    truth: Annotated[Path | None, typer.Option(help="Folder with the truth of an invented source.")] = None,
    budget: Budget = None,
    cases: Annotated[int, typer.Option(min=1, max=1_000_000, help="With --truth: patients that are reviewed.")] = 200,
    out_folder: Annotated[
        Path | None, typer.Option("--out", help="With --truth: folder to write; default evaluations/MONTH.")
    ] = None,
    lang: Annotated[str, typer.Option(help="With --truth: language of the page, en or zh.")] = "en",
    as_of: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Labels known later are not used; default all.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Metrics of a scored month at the review budget, against labels or against what was planted."""
    shared = session(context)
    share = budget or shared.settings().scoring.review_budget
    _refuse_ignored(context, with_truth=truth is not None)
    if truth is not None:
        _against_truth(
            shared,
            month,
            truth,
            entities=(entity.value,) if entity else (),
            budget=(share, cases),
            alias=alias,
            folder=out_folder or shared.workspace.root / "evaluations" / check_month(month),
            lang=lang,
            as_json=as_json,
        )
        return
    from experiments.evaluate import evaluate_month
    from features.claims import ClaimsStore

    result = evaluate_month(
        shared.workspace,
        month,
        entity=entity.value if entity else "provider",
        budget=share,
        as_of=as_of.date() if as_of else date.max,
        store=ClaimsStore.open(shared.workspace.store),
        alias=alias,
    )
    if as_json:
        show_json({**vars(result), "metrics": metrics_record(result.metrics)})
        return
    out().print(
        f"{result.entity}s of {result.month} against labels known: {result.n_subjects:,} subjects, "
        f"{result.n_positives:,} positive, budget {result.n_budget:,}"
    )
    out().print(metrics_table(result.metrics))
    for note in result.notes:
        say(f"note: {note}")


def _refuse_ignored(context: typer.Context, *, with_truth: bool) -> None:
    """Refuse options that the other kind of evaluation alone knows."""
    without = {"as_of": "--as-of"} if with_truth else {"cases": "--cases", "out_folder": "--out", "lang": "--lang"}
    sources = {option: context.get_parameter_source(name) for name, option in without.items()}
    given = [option for option, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    if given:
        got, way = (
            ("given with --truth", "leave --truth out") if with_truth else ("given without --truth", "add --truth DIR")
        )
        raise InputError.of(" and ".join(given), "of fraud evaluate", got, f"leave out {' and '.join(given)}, or {way}")


def _against_truth(
    shared: Session,
    month: str,
    truth: Path,
    *,
    entities: tuple[RankedEntity, ...],
    budget: tuple[float, int],
    alias: str,
    folder: Path,
    lang: str,
    as_json: bool,
) -> None:
    from experiments.cli.recall_tables import recall_tables
    from experiments.recall import measure_recall, read_truth
    from experiments.recall.scored import Budget as ReviewBudget
    from experiments.recall.write import PAGE_FILE, check_target, write_recall

    if lang not in LANGUAGES:
        raise InputError.unknown_name("language", "of the detection page", lang, LANGUAGES)
    check_target(folder)
    found = measure_recall(
        shared.workspace,
        month,
        read_truth(truth),
        budget=ReviewBudget(*budget),
        entities=entities,
        alias=alias,
        limits=shared.settings().engine,
    )
    with shared.workspace.writer():
        write_recall(shared.workspace, found, folder, lang=lang)
    if as_json:
        show_json(found.record(), indent=1)
        return
    for line in found.lists.itertuples():
        out().print(
            f"{line.entity}s of {month} against truth: {line.n_subjects:,} ranked, {line.n_guilty:,} guilty, "
            f"{line.n_budget:,} reviewed, {line.n_found:,} of them guilty (possible {line.n_possible:,})"
        )
        if line.entity in found.rankings:
            out().print(metrics_table(found.rankings[line.entity]))
    for table in recall_tables(found):
        out().print(table)
    say(f"page: {folder / PAGE_FILE}")


def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="Alias or version in use.")],
    second: Annotated[str, typer.Argument(help="Alias or version that may replace it.")],
    *,
    entity: Annotated[Entity, typer.Option(help="Whose models.")] = Entity.provider,
    month: Annotated[str | None, typer.Option(help="Scored month, YYYY-MM; default the last.")] = None,
    budget: Budget = None,
    show_ids: ShowIds = None,
    as_json: AsJson = False,
) -> None:
    """Compare two model versions: leads gained and lost."""
    from experiments.compare import compare_versions

    shared = session(context)
    persons = persons_on_screen(shared.workspace, show_ids, "compare", month=month, entity=entity.value)
    found = compare_versions(
        shared.workspace,
        first,
        second,
        entity=entity.value,
        month=month,
        budget=budget or shared.settings().scoring.review_budget,
    )
    leads = found.leads.assign(subject_id=[persons.subject(entity.value, each) for each in found.leads["subject_id"]])
    if as_json:
        record = {**vars(found), "leads": leads.to_dict(orient="records")}
        show_json(record)
        return
    console = out()
    console.print(
        f"{found.second} in place of {found.first} on {found.month}, {found.n_budget:,} leads: "
        f"{found.jaccard:.0%} in common; money of leads gained {found.gained_amount:,.2f}, "
        f"lost {found.lost_amount:,.2f}"
    )
    table = Table("lead", "change", "rank before", "rank after", "amount")
    for row in leads.head(_SHOWN).itertuples():
        table.add_row(row.subject_id, row.change, f"{row.rank_first:,}", f"{row.rank_second:,}", f"{row.amount:,.2f}")
    console.print(table)
    if len(found.leads) > _SHOWN:
        say(f"{len(found.leads) - _SHOWN:,} more leads changed; --json shows all")
