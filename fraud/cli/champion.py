"""`fraud promote` and `fraud rollback`: a person moves the champion, and it is recorded."""

from __future__ import annotations

from typing import Annotated

import typer

from fraud.cli.options import EntityOption
from fraud.cli.session import out, session

Reason = Annotated[str, typer.Option(help="Why; kept with the model and in the audit log.")]


def promote(
    context: typer.Context,
    version: Annotated[int, typer.Argument(min=1, help="Version in the registry.")],
    entity: EntityOption,
    reason: Reason,
) -> None:
    """Make a model version the champion; recorded."""
    from fraud.registry.versions import promote as move

    shared = session(context)
    with shared.workspace.writer():
        move(shared.workspace, entity.value, version, reason=reason)
    out().print(f"version {version} is the {entity.value} champion")


def rollback(context: typer.Context, entity: EntityOption, reason: Reason) -> None:
    """Go back to the champion before; recorded."""
    from fraud.registry.versions import rollback as go_back

    shared = session(context)
    with shared.workspace.writer():
        version = go_back(shared.workspace, entity.value, reason=reason)
    out().print(f"version {version} is the {entity.value} champion again")
