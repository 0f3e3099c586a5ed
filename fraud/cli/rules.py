"""`fraud rules`: the catalogue, the findings of a month, and what a rule would have found."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from features.claims import ClaimsStore
from features.vocabulary.money import money_text
from fraud.cli.options import AsJson, Month, WindowMonths
from fraud.cli.persons import ShowIds, persons_on_screen
from fraud.cli.session import out, say, session, show_json, show_text
from fraud.rules import RuleRun, find_rule, library_rules, run_rules
from fraud.rules.backtest import backtest
from fraud.rules.render import catalogue_markdown, catalogue_records

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from fraud.cases.keyed_ids import ShownPersons

# A terminal is read, not scrolled: the largest findings, and a word on how many more there are.
_SHOWN = 20
_AMOUNTS = ("exposure_amount", "fund_exposure_amount")


class Format(StrEnum):
    """How a catalogue is shown."""

    table = "table"
    json = "json"
    markdown = "markdown"


def rules_list(
    context: typer.Context,
    shape: Annotated[Format, typer.Option("--format", help="How to show it.")] = Format.table,
) -> None:
    """Show the rule catalogue."""
    shared = session(context)
    rules = shared.rules()
    if shape is Format.markdown:
        show_text(catalogue_markdown(rules))
        return
    records = catalogue_records(rules, shared.settings_of_rules().rules)
    if shape is Format.json:
        show_json(records)
        return
    heads = {"code": "rule", "name_en": "name", "name_zh": "名称", "scheme_code": "scheme", "result_type": "result"}
    heads |= {"version": "version"} | ({"origin": "payer's file"} if len(rules) > len(library_rules()) else {})
    rows = [[record.get(key, "") for key in heads] for record in records]
    out().print(_table(heads.values(), rows))


def rules_run(
    context: typer.Context,
    month: Month,
    window_months: WindowMonths = None,
    show_ids: ShowIds = None,
    as_json: AsJson = False,
) -> None:
    """Run the rules on a month and show the findings; nothing is written."""
    shared = session(context)
    settings = shared.settings_of_rules()
    n_months = window_months or settings.scoring.window_months
    rules = shared.rules()
    store = ClaimsStore.open(shared.workspace.store)
    persons = persons_on_screen(shared.workspace, show_ids, "rules run", month=month)
    with settings.engine.open() as engine:
        run = run_rules(store, engine, month, window_months=n_months, settings=settings.rules, rules=rules)
    if as_json:
        show_json(_as_record(month, run, persons))
    else:
        _show(month, run, persons)
    if run.failed:
        raise typer.Exit(1)


def _show(month: str, run: RuleRun, persons: ShownPersons) -> None:
    found = run.findings.findings.sort_values(["exposure_amount", "finding_id"], ascending=[False, True])
    shown = persons.findings(found.head(_SHOWN))
    rows = [
        (row.code, row.result_type, row.subject_type, row.subject_id, row.n_lines, money_text(row.exposure_amount))
        for row in shown.itertuples()
    ]
    out().print(_table(("rule", "result", "subject", "id", "lines", "exposure"), rows))
    out().print(f"Findings in {month}: {len(found):,}; shown by exposure: {len(rows)}.")
    for entry in run.not_checked:
        say(f"not checked: {entry.code} needs {', '.join(entry.missing)}")
    for entry in run.unchecked_exemptions:
        say(f"exemptions of {entry.code} not checked, so nothing is called definite: {', '.join(entry.missing)} absent")
    for failed in run.failed:
        say(f"failed: rule {failed.code} could not run: {failed.why}")


def rules_backtest(
    context: typer.Context,
    *,
    rule: Annotated[str, typer.Argument(help="Code of the rule.")],
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")],
    window_months: WindowMonths = None,
    as_json: AsJson = False,
) -> None:
    """Show what one rule would have found, month by month; nothing is written."""
    shared = session(context)
    settings = shared.settings_of_rules()
    n_months = window_months or settings.scoring.window_months
    chosen = find_rule(rule, shared.rules())
    store = ClaimsStore.open(shared.workspace.store)
    with settings.engine.open() as engine:
        months = backtest(
            store,
            engine,
            chosen,
            first,
            last,
            window_months=n_months,
            settings=settings.rules,
        )
    if as_json:
        show_json(_with_money_text(months))
        return
    rows = [
        [money_text(value) if name in _AMOUNTS else value for name, value in record.items()]
        for record in months.to_dict(orient="records")
    ]
    heads = ("month", "status", "providers", "patients", "practitioners", "lines", "exposure", "of it the fund")
    out().print(_table(heads, rows))


def _as_record(month: str, run: RuleRun, persons: ShownPersons) -> dict[str, Any]:
    return {
        "month": month,
        "findings": _with_money_text(persons.findings(run.findings.findings)),
        "not_checked": [{"rule": entry.code, "missing": list(entry.missing)} for entry in run.not_checked],
        "unchecked_exemptions": [
            {"rule": entry.code, "missing": list(entry.missing)} for entry in run.unchecked_exemptions
        ],
        "failed": [{"rule": entry.code, "why": entry.why} for entry in run.failed],
    }


def _with_money_text(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for JSON; money as text, because a binary float would not be the amount."""
    texts = {name: [money_text(value).replace(",", "") for value in frame[name]] for name in _AMOUNTS}
    records: list[dict[str, Any]] = frame.assign(**texts).to_dict(orient="records")
    return records


def _table(heads: Iterable[str], rows: Iterable[Iterable[Any]]) -> Table:
    table = Table(*heads)
    for row in rows:
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    return table
