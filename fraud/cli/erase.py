"""`fraud erase` and `fraud expire`: a person on request, and what is old."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.table import Table

from features.errors import InputError
from fraud.cli.options import AsJson
from fraud.cli.session import out, say, session, show_json

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be removed; remove nothing.")]
# An identifier longer than this is none.
_MOST_CHARACTERS = 1000


def erase(
    context: typer.Context,
    *,
    reason: Annotated[str, typer.Option(help="Why; recorded, so it must name nobody.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Erase the person whose id stands on standard input: a command line would keep it in histories and logs."""
    from fraud.erasure import erase_person

    person_id = sys.stdin.read(_MOST_CHARACTERS + 1).strip()
    if not person_id or len(person_id) > _MOST_CHARACTERS or "\n" in person_id:
        got = "not one line with an id"
        raise InputError.of("person", "on standard input", got, "write the id of one person there, and nothing else")
    shared = session(context)
    with shared.workspace.writer():
        told = erase_person(shared.workspace, person_id, reason, settings=shared.settings(), dry_run=dry_run)
    if as_json:
        record = {"person": told.person, "removed": dict(told.removed), "packs_elsewhere": list(told.packs_elsewhere)}
        show_json(record | {"dry_run": dry_run})
        return
    table = Table("where", "would be removed" if dry_run else "removed")
    for place, n in told.removed.items():
        table.add_row(place, f"{n:,}")
    out().print(table)
    for digest in told.packs_elsewhere:
        say(f"a pack lies outside of the workspace and may show the person: manifest {digest}")
    if not dry_run:
        say(f"erased; recorded under {told.person[:16]}")


def expire(
    context: typer.Context,
    *,
    older_than: Annotated[int, typer.Option(min=0, help="Days.")],
    kinds: Annotated[str, typer.Option(help="Of quarantine,packs,versions,history.")] = "quarantine,packs,versions",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Delete quarantine, packs and versions that nothing points at, once they are older than so many days.

    With history, which is not among the default kinds, also what the store was: months scored of it cannot be replayed.
    """
    from fraud.erasure import expire as expire_old

    shared = session(context)
    wanted = [name.strip() for name in kinds.split(",") if name.strip()]
    with shared.workspace.writer():
        told = expire_old(
            shared.workspace, older_than_days=older_than, kinds=wanted, now=datetime.now(UTC), dry_run=dry_run
        )
    if as_json:
        show_json({"removed": dict(told.removed), "dry_run": dry_run})
        return
    table = Table("kind", "would be removed" if dry_run else "removed")
    for kind, n in told.removed.items():
        table.add_row(kind, f"{n:,}")
    out().print(table)
