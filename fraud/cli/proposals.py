"""`fraud rules propose` and `accept`: a row becomes a rule with proof, and is in force only once it is accepted."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from features.claims import ClaimsStore
from features.errors import InputError
from features.vocabulary.money import money_text
from features.vocabulary.text import Text
from fraud.cli.backtest import print_months, with_money_text
from fraud.cli.chinese import language
from fraud.cli.options import AsJson, WindowMonths
from fraud.cli.session import out, say, session, show_json
from fraud.cli.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.rules.proposals.put_forward import PutForward

_KINDS = {
    "hit": Text("hit", "违规样例"),
    "near_miss": Text("near miss", "临界样例"),
    "innocent_twin": Text("innocent twin", "合规相似样例"),
}
_TRAITS = {
    "provider_type": Text("type", "机构类型"),
    "provider_level": Text("level", "机构等级"),
    "region_code": Text("region", "所在区划"),
    "providers": Text("provider", "机构"),
}


def rules_propose(
    context: typer.Context,
    *,
    file: Annotated[Path, typer.Argument(help="Rows of knowledge points (CSV or workbook), or one row as TOML.")],
    first: Annotated[
        str | None, typer.Option("--from", help="First month of the backtest; default the window.")
    ] = None,
    last: Annotated[str | None, typer.Option("--to", help="Last month of the backtest; default the newest.")] = None,
    window_months: WindowMonths = None,
    as_json: AsJson = False,
) -> None:
    """Make rules of rows, each with examples and what it would have cost; none is in force until it is accepted."""
    from fraud.rules.life.backtest import months_between
    from fraud.rules.proposals import read_rows
    from fraud.rules.proposals.put_forward import put_forward

    shared = session(context)
    rules = shared.rules()
    rows = read_rows(file)
    store = ClaimsStore.open(shared.workspace.store)
    n_months = window_months or shared.settings_of_rules().scoring.window_months
    newest = store.months()[-n_months:]
    months = months_between(store, first or min(newest, default="2000-01"), last or max(newest, default="2000-01"))
    shown, n_refused = [], 0
    with shared.workspace.writer():
        for row in rows:
            try:
                made = put_forward(
                    shared.workspace,
                    store,
                    row,
                    months,
                    rules=rules,
                    settings_of=shared.settings_of_rules,
                    today=datetime.now(UTC).date(),
                    window_months=n_months,
                )
            except InputError as error:
                n_refused += 1
                say(f"refused: {error}")
                continue
            shown.append(_as_record(made))
            if not as_json:
                _show(made)
    if as_json:
        show_json(shown)
    # What could be proposed is kept; whoever gave the rows must notice the others all the same.
    if n_refused:
        raise typer.Exit(2)


def rules_accept(
    context: typer.Context,
    *,
    code: Annotated[str, typer.Argument(help="Code of the proposed rule.")],
    reason: Annotated[str, typer.Option(help="Why; recorded.")],
) -> None:
    """Put a proposed rule in force, as it was proved; recorded."""
    from fraud.rules.proposals.accept import accept

    shared = session(context)
    with shared.workspace.writer():
        rule = accept(shared.workspace, code, reason, shared.rules())
    out().print(f"{rule.code}: version {rule.version} is in force from the next month that is scored")


def _show(made: PutForward) -> None:
    rule = made.rule
    if made.in_force is None:
        out().print(f"{rule.code}: version {rule.version}, proposed and not in force")
    else:
        before = made.in_force.version
        out().print(
            f"{rule.code} is in force as version {before}: this is its next version, {rule.version}, and not in force"
        )
    if made.is_proposed_again:
        out().print("It takes the place of an earlier proposal of that code, which was not accepted.")
    out().print(rule.name.of(language()))
    for proof in made.proofs:
        kind = _KINDS[proof.kind].of(language())
        says = made.examples[proof.kind].of(language())
        if proof.found:
            out().print(f"{kind}: found, as it should be. {says}")
        else:
            out().print(f"{kind}: not found, as it should be. {says}")
    if made.in_force is not None:
        out().print(f"Accepted, it takes the place of version {made.in_force.version}, beside which it stands below.")
    print_months(made.months)
    lines, worth = int(made.months["n_lines"].sum()), money_text(int(made.months["exposure_amount"].sum()))
    out().print(f"In these months it would have found: lines {lines:,}, worth {worth}.")
    if lines:
        rows = [_whom_row(trait, entry) for trait, entries in made.whom.items() for entry in entries]
        out().print(table_of(("by", "value", "providers", "lines", "exposure"), rows))
    out().print(f"Put it in force with `fraud rules accept {rule.code} --reason TEXT`.")


def _whom_row(trait: str, entry: dict[str, Any]) -> Iterable[Any]:
    return (
        _TRAITS[trait].of(language()),
        entry["value"],
        entry["n_providers"],
        entry["n_lines"],
        money_text(entry["exposure_amount"]),
    )


def _as_record(made: PutForward) -> dict[str, Any]:
    return {
        "code": made.rule.code,
        "version": made.rule.version,
        "status": "proposed",
        "in_force": None if made.in_force is None else made.in_force.version,
        "examples": [{"kind": each.kind, "findings": len(each.found), "holds": each.holds} for each in made.proofs],
        "months": with_money_text(made.months),
        "whom": {
            trait: [
                entry | {"exposure_amount": money_text(entry["exposure_amount"]).replace(",", "")} for entry in entries
            ]
            for trait, entries in made.whom.items()
        },
    }
