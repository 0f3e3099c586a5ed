"""`fraud rules list`: the catalogue, what of it is in force, proposed or set aside, and how often rules were right."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from features.errors import InputError
from fraud.cli.chinese import language
from fraud.cli.session import out, say, session, show_json, show_text
from fraud.cli.set_aside import kept_records, print_kept
from fraud.cli.tables import table_of
from fraud.rules import library_rules
from fraud.rules.catalogue.render import catalogue_markdown, catalogue_records
from fraud.rules.declare.executor import FAMILIES
from fraud.rules.set_aside import kept_set_asides

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fraud.cli.session import Session
    from fraud.rules import Rule
    from fraud.rules.life.precision import RulePrecision
    from fraud.rules.set_aside import KeptSetAside


_WORDS = ("result", "status")
_FEW = "few decisions"


class Format(StrEnum):
    """How a catalogue is shown."""

    table = "table"
    json = "json"
    markdown = "markdown"


def rules_list(
    context: typer.Context,
    *,
    shape: Annotated[Format, typer.Option("--format", help="How to show it.")] = Format.table,
    family: Annotated[str | None, typer.Option(help="Of one family only.")] = None,
    precision: Annotated[
        bool, typer.Option("--precision", help="Show how many findings of each rule were confirmed, of those decided.")
    ] = False,
) -> None:
    """Show the rule catalogue."""
    shared = session(context)
    if family is not None and family not in FAMILIES:
        raise InputError.unknown_name("family", "of rules", family, FAMILIES)
    rules = [rule for rule in shared.rules() if family in {None, rule.family}]
    if shape is Format.markdown:
        show_text(catalogue_markdown(rules))
        return
    proposed = [rule for rule in _proposed(shared) if family in {None, rule.family}]
    kept = kept_set_asides(shared.workspace)
    records = catalogue_records([*rules, *proposed], shared.settings_of_rules().rules)
    today = datetime.now(UTC).date()
    for record, rule in zip(records, [*rules, *proposed], strict=True):
        record["status"] = _status(rule, kept, today, is_proposed=rule in proposed)
    measured = _measured(shared, today) if precision else ()
    if shape is Format.json:
        show_json([_whole(record, kept, measured if precision else None) for record in records])
        return
    heads = {"code": "rule", f"name_{language()}": "name", "scheme_code": "scheme", "result_type": "result"}
    heads |= {"version": "version", "status": "status"}
    heads |= {"origin": "payer's file"} if len(rules) > len(library_rules()) else {}
    out().print(table_of(heads.values(), [[record.get(key, "") for key in heads] for record in records], _WORDS))
    print_kept(kept)
    if precision:
        _show_precision(measured)


def _proposed(shared: Session) -> Iterable[Rule]:
    """Yield the rules that are proposed; one that was changed is told, and hides no other."""
    from fraud.rules.proposals.keep import proposed_codes, read_proposal

    for code in proposed_codes(shared.workspace):
        try:
            yield read_proposal(shared.workspace, code).rule
        except InputError as error:
            say(f"not listed: {error}")


def _status(rule: Rule, kept: Iterable[KeptSetAside], today: date, *, is_proposed: bool) -> str:
    """Say of a rule whether it is in force; of those accepted only one that is set aside for everybody is not."""
    if is_proposed:
        return "proposed"
    of_all = [
        each.set_aside.until for each in kept if each.set_aside.names == rule.code and each.status(today) == "in force"
    ]
    return f"set aside until {max(of_all)}" if of_all else "in force"


def _whole(
    record: dict[str, Any], kept: Iterable[KeptSetAside], measured: Iterable[RulePrecision] | None
) -> dict[str, Any]:
    own = [each for each in kept if each.set_aside.rule == record["code"]]
    whole = record | {"set_aside": kept_records(own)}
    if measured is None:
        return whole
    return whole | {"precision": [_as_record(each) for each in measured if each.code == record["code"]]}


def _measured(shared: Session, today: date) -> tuple[RulePrecision, ...]:
    from features.claims import ClaimsStore
    from fraud.rules.life.precision import rule_precision

    return rule_precision(shared.workspace, ClaimsStore.open(shared.workspace.store), today)


def _as_record(one: RulePrecision) -> dict[str, Any]:
    return {
        "version": one.version,
        "confirmed": one.n_confirmed,
        "decided": one.n_decided,
        "share": round(one.share, 4),
        "low": round(one.low, 4),
        "high": round(one.high, 4),
        "is_few": one.is_few,
    }


def _show_precision(measured: Iterable[RulePrecision]) -> None:
    rows = [
        (
            one.code,
            one.version,
            one.n_confirmed,
            one.n_decided,
            f"{one.share:.0%}",
            f"{one.low:.0%} – {one.high:.0%}",
            _FEW if one.is_few else "",
        )
        for one in measured
    ]
    if not rows:
        out().print("No finding of a rule has been decided yet.")
        return
    out().print(
        table_of(("rule", "version", "confirmed", "decided", "precision", "95 % interval", "note"), rows, ("note",))
    )
