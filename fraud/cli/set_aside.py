"""`fraud rules snooze` and `unsnooze`: what is not shown until a day, for a reason, and how that is told."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from features.claims import ClaimsStore
from features.engine import DuckDBEngine
from features.errors import InputError
from features.outside import plain_line
from features.vocabulary.entities import PROFILED
from features.vocabulary.money import money_text
from fraud.cli.options import AsJson
from fraud.cli.session import out, say, session, show_json

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from fraud.rules.set_aside import Hidden, KeptSetAside, SetAside
    from fraud.workspace import Workspace

_PSEUDONYM = re.compile(r"X[0-9a-f]{16}")
_DAY = ["%Y-%m-%d"]


def rules_snooze(
    context: typer.Context,
    *,
    rule: Annotated[str, typer.Argument(help="Code of the rule.")],
    until: Annotated[datetime, typer.Option(formats=_DAY, help="Last day on which it is set aside.")],
    reason: Annotated[str, typer.Option(help="Why; every score and every pack shows it.")],
    subject: Annotated[
        str | None, typer.Option(help="About whom alone, such as provider:H1; persons by their pseudonym.")
    ] = None,
    item: Annotated[list[str] | None, typer.Option(help="Item code of which alone; may be given again.")] = None,
    since: Annotated[
        datetime | None, typer.Option("--from", formats=_DAY, help="First day on which it is set aside.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Set findings of a rule aside until a day; what that hides is counted and told."""
    from fraud.rules import find_rule
    from fraud.rules.set_aside import SetAside, begin_set_aside

    shared = session(context)
    code = find_rule(rule, shared.rules()).code
    kind, identifier = _checked_subject(shared.workspace, subject) if subject is not None else ("", "")
    first = None if since is None else since.date()
    if until.date() < datetime.now(UTC).date():
        raise InputError.of("--until", "of fraud rules snooze", until.date().isoformat(), "name a day that is to come")
    asked = SetAside("", code, until.date(), reason, kind, identifier, tuple(item or ()), first)
    with shared.workspace.writer():
        kept = begin_set_aside(shared.workspace, asked, _today())
    if as_json:
        show_json(as_record(kept))
        return
    out().print(f"{kept.name}: set aside until {kept.until}: {kept.names}")
    out().print("It is counted and told in every score and every pack.")


def rules_unsnooze(
    context: typer.Context,
    *,
    name: Annotated[str, typer.Argument(help="Name of the set-aside, such as S-1.")],
    reason: Annotated[str, typer.Option(help="Why; recorded.")],
) -> None:
    """End a set-aside before its day."""
    from fraud.rules.set_aside import end_set_aside

    shared = session(context)
    with shared.workspace.writer():
        ended = end_set_aside(shared.workspace, name, reason, _today())
    out().print(f"{ended.name}: ended; found again: {ended.names}")


def say_hidden(hidden: Iterable[Hidden]) -> None:
    """Tell what set-asides took out of findings, those that took nothing too."""
    for each in hidden:
        one, n, worth = each.set_aside, each.n_findings, money_text(each.exposure_amount)
        say(f"findings set aside by {one.name} until {one.until}: {n:,}, worth {worth}, of {one.names}: {one.reason}")


def hidden_records(hidden: Iterable[Hidden]) -> list[dict[str, Any]]:
    """Say what set-asides took, for a program; money as text."""
    return [
        as_record(each.set_aside)
        | {
            "findings": each.n_findings,
            "lines": each.n_lines,
            "exposure_amount": money_text(each.exposure_amount).replace(",", ""),
        }
        for each in hidden
    ]


def as_record(one: SetAside) -> dict[str, Any]:
    """Say a set-aside for a program."""
    return {
        "name": one.name,
        "rule": one.rule,
        "subject": f"{one.subject_type}:{one.subject_id}" if one.subject_type else None,
        "items": list(one.items),
        "since": None if one.since is None else one.since.isoformat(),
        "until": one.until.isoformat(),
        "reason": one.reason,
    }


def kept_records(kept: Iterable[KeptSetAside]) -> list[dict[str, Any]]:
    """Say set-asides as they stand today, for a program."""
    return [
        as_record(each.set_aside)
        | {"status": each.status(_today()), "ended": each.ended or None, "ended_reason": each.ended_reason or None}
        for each in kept
    ]


def print_kept(kept: Iterable[KeptSetAside]) -> None:
    """Print set-asides as they stand today, one line each."""
    for each in kept:
        one, status = each.set_aside, each.status(_today())
        if each.ended:
            out().print(f"{one.name}: ended on {each.ended}: {one.names}: {each.ended_reason}")
        elif status == "past":
            out().print(f"{one.name}: past, for months until {one.until} only: {one.names}: {one.reason}")
        elif status == "not yet":
            out().print(f"{one.name}: from {one.since} until {one.until}: {one.names}: {one.reason}")
        else:
            out().print(f"{one.name}: in force until {one.until}: {one.names}: {one.reason}")


def _today() -> date:
    return datetime.now(UTC).date()


def _checked_subject(workspace: Workspace, given: str) -> tuple[str, str]:
    """Return type and id of a subject: a provider of the store, or a person by the pseudonym that screens show."""
    kind, mark, identifier = given.partition(":")
    where, shown = "of a set-aside", plain_line(given)
    if kind not in PROFILED or not mark or not identifier:
        hint = f"write TYPE:ID, with a type of {', '.join(PROFILED)}"
        raise InputError.of("--subject", where, f"{shown!r}", hint)
    if kind != "provider":
        if not _PSEUDONYM.fullmatch(identifier):
            hint = "give the pseudonym that `fraud rules run` shows, X and 16 digits"
            raise InputError.of("--subject", where, "a person, and no pseudonym", hint)
        return kind, identifier
    with DuckDBEngine(threads=1) as engine:
        ClaimsStore.open(workspace.store).attach_only(engine, "codes_provider")
        known = engine.rows("select 1 from codes_provider where provider_id = ?", [identifier])
    if not known:
        raise InputError.of("--subject", where, f"{shown!r} is not in the store", "give the id of a provider in it")
    return kind, identifier
