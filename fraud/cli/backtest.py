"""`fraud rules backtest`: what a rule would have found; a proposed one beside the version in force."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from features.claims import ClaimsStore
from features.outside import plain_line, read_text
from features.vocabulary.money import money_text
from fraud.cli.options import AsJson, WindowMonths
from fraud.cli.session import out, say, session, show_json
from fraud.cli.tables import table_of
from fraud.rules import find_rule
from fraud.rules.catalogue import with_rule
from fraud.rules.catalogue.load import load_rule
from fraud.rules.life.backtest import backtest, months_between
from fraud.rules.proposals.keep import proposed_codes, read_proposal
from fraud.rules.search.trial import try_out

if TYPE_CHECKING:
    import pandas as pd

    from fraud.rules import Rule
    from fraud.workspace import Workspace

_MOST_BYTES = 262_144
_HEADS = ("month", "status", "providers", "patients", "practitioners", "lines", "exposure", "of it the fund")
_WORDS = ("status",)
_BESIDE = ("month", "status", "lines in force", "exposure in force", "kept", "gained", "lost")
_COMPARED = ("month", "status_in_force", "n_lines_in_force", "exposure_in_force_amount", "n_kept", "n_gained", "n_lost")


def rules_backtest(
    context: typer.Context,
    *,
    rule: Annotated[str, typer.Argument(help="Code of a rule, in force or proposed, or a rule's TOML file.")],
    first: Annotated[str, typer.Option("--from", help="First month, YYYY-MM.")],
    last: Annotated[str, typer.Option("--to", help="Last month, YYYY-MM.")],
    window_months: WindowMonths = None,
    as_json: AsJson = False,
) -> None:
    """Show what one rule would have found, month by month; nothing is written, and nothing is set aside."""
    shared = session(context)
    rules = shared.rules()
    settings_then = shared.settings_of_rules()
    chosen, in_force = _chosen(shared.workspace, rule, rules)
    others = rules if in_force is None and chosen in rules else with_rule(chosen, rules)
    settings = shared.settings_of_rules(others)
    store = ClaimsStore.open(shared.workspace.store)
    asked = months_between(store, first, last)
    with settings.engine.open() as engine:
        months = backtest(
            store,
            engine,
            chosen,
            asked,
            window_months=window_months or settings.scoring.window_months,
            settings=settings.rules,
            beside=in_force,
            settings_beside=settings_then.rules,
        )
    if as_json:
        show_json(with_money_text(months))
        return
    if in_force is not None:
        say(f"version {chosen.version}, not in force, beside version {in_force.version} of {chosen.code}")
    print_months(months)


def print_months(months: pd.DataFrame) -> None:
    """Print the rows of a backtest, and how they lie beside the version in force where there is one."""
    records = months.to_dict(orient="records")
    own = [name for name in months.columns if name not in _COMPARED or name == "month"]
    out().print(table_of(_HEADS, [[_cell(name, record[name]) for name in own] for record in records], _WORDS))
    if "n_kept" in months.columns:
        out().print(
            table_of(_BESIDE, [[_cell(name, record[name]) for name in _COMPARED] for record in records], _WORDS)
        )


def with_money_text(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows for JSON; money as text, because a binary float would not be the amount."""
    names = [name for name in frame.columns if str(name).endswith("_amount")]
    texts = {name: [money_text(value).replace(",", "") for value in frame[name]] for name in names}
    records: list[dict[str, Any]] = frame.assign(**texts).to_dict(orient="records")
    return records


def _cell(name: str, value: Any) -> Any:
    return money_text(value) if name.endswith("_amount") else value


def _chosen(workspace: Workspace, given: str, rules: tuple[Rule, ...]) -> tuple[Rule, Rule | None]:
    """Return the rule that is asked for, and the version in force that it would take the place of."""
    if given.endswith(".toml"):
        path = Path(given)
        origin = plain_line(path.name)
        content = read_text(path, f"rule file {origin}: cannot be read at", "give a readable TOML file", _MOST_BYTES)
        found = load_rule(content, origin)
        try_out([found])
    elif given in proposed_codes(workspace):
        found = read_proposal(workspace, given).rule
    else:
        return find_rule(given, rules), None
    return found, next((each for each in rules if each.code == found.code), None)
