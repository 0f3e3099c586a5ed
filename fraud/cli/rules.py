"""`fraud rules run`: the findings of a month, of all rules or some, without scoring it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from features.claims import ClaimsStore
from features.errors import InputError
from features.outside import plain_line
from features.vocabulary.money import money_text
from features.vocabulary.months import check_month, last_day
from fraud.cli.options import AsJson, Month, WindowMonths
from fraud.cli.other_names import say_other_named
from fraud.cli.persons import ShowIds, persons_on_screen
from fraud.cli.session import out, plain_json, say, session, show_json
from fraud.cli.set_aside import hidden_records, say_hidden
from fraud.cli.tables import table_of
from fraud.durable import write_whole
from fraud.pseudonyms import shown_by
from fraud.rules import RuleRun, find_rule, run_rules
from fraud.rules.set_aside import set_asides_on

if TYPE_CHECKING:
    import pandas as pd

    from fraud.cases.keyed_ids import ShownPersons

# A terminal is read, not scrolled: the largest findings, and a word on how many more there are.
_SHOWN = 20
_AMOUNTS = ("exposure_amount", "fund_exposure_amount")
_SUFFIXES = (".csv", ".json")


def rules_run(
    context: typer.Context,
    *,
    month: Month,
    rule: Annotated[list[str] | None, typer.Option(help="Code of a rule to run; may be given again.")] = None,
    window_months: WindowMonths = None,
    target: Annotated[Path | None, typer.Option("--out", help="File for all findings, .csv or .json.")] = None,
    show_ids: ShowIds = None,
    as_json: AsJson = False,
) -> None:
    """Run the rules on a month and show the findings; the month is not published."""
    shared = session(context)
    if target is not None and target.suffix not in _SUFFIXES:
        hint = f"end it in {' or '.join(_SUFFIXES)}"
        raise InputError.of("--out", "of fraud rules run", f"{plain_line(target.name)!r}", hint)
    settings = shared.settings_of_rules()
    n_months = window_months or settings.scoring.window_months
    rules = shared.rules()
    chosen = tuple(find_rule(code, rules) for code in dict.fromkeys(rule)) if rule else rules
    codes = {each.code for each in chosen}
    aside = set_asides_on(shared.workspace, last_day(check_month(month)))
    store = ClaimsStore.open(shared.workspace.store)
    persons = persons_on_screen(shared.workspace, show_ids, "rules run", month=month)
    with settings.engine.open() as engine:
        run = run_rules(
            store,
            engine,
            month,
            window_months=n_months,
            settings=settings.rules,
            rules=chosen,
            set_asides=[each for each in aside if each.rule in codes],
            shown=shown_by(shared.workspace),
        )
    if target is not None:
        _write(target, month, run, persons)
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
    out().print(table_of(("rule", "result", "subject", "id", "lines", "exposure"), rows, ("result", "subject")))
    out().print(f"Findings in {month}: {len(found):,}; shown by exposure: {len(rows)}.")
    counts = found["code"].value_counts().sort_index()
    out().print(f"rule findings: {', '.join(f'{code} {n:,}' for code, n in counts.items()) or 'none'}")
    for entry in run.not_checked:
        say(f"not checked: {entry.code} needs {', '.join(entry.missing)}")
    for entry in run.unchecked_exemptions:
        say(f"exemptions of {entry.code} not checked, so nothing is called definite: {', '.join(entry.missing)} absent")
    say_other_named(run.other_named)
    for failed in run.failed:
        say(f"failed: rule {failed.code} could not run: {failed.why}")
    say_hidden(run.hidden)


def _write(target: Path, month: str, run: RuleRun, persons: ShownPersons) -> None:
    """Write all findings, persons as they are shown on the screen."""
    if target.suffix == ".json":
        text = plain_json(_as_record(month, run, persons)) + "\n"
    else:
        shown = persons.findings(run.findings.findings)
        text = shown.assign(**_money_texts(shown)).to_csv(index=False, lineterminator="\n")
    try:
        write_whole(target, text.encode("utf-8"))
    except OSError as error:
        hint = "name a file that can be written"
        raise InputError.of("--out", "of fraud rules run", str(error.strerror), hint) from error


def _as_record(month: str, run: RuleRun, persons: ShownPersons) -> dict[str, Any]:
    shown = persons.findings(run.findings.findings)
    return {
        "month": month,
        "findings": shown.assign(**_money_texts(shown)).to_dict(orient="records"),
        "not_checked": [{"rule": entry.code, "missing": list(entry.missing)} for entry in run.not_checked],
        "unchecked_exemptions": [
            {"rule": entry.code, "missing": list(entry.missing)} for entry in run.unchecked_exemptions
        ],
        "other_named_items": list(run.other_named),
        "failed": [{"rule": entry.code, "why": entry.why} for entry in run.failed],
        "set_aside": hidden_records(run.hidden),
    }


def _money_texts(frame: pd.DataFrame) -> dict[str, list[str]]:
    """Money as text, because a binary float would not be the amount."""
    return {name: [money_text(value).replace(",", "") for value in frame[name]] for name in _AMOUNTS}
