"""Persons on screens: under the pseudonyms that packs show, or as stored for a reason that is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from features.errors import InputError

if TYPE_CHECKING:
    from fraud.cases.keyed_ids import ShownPersons
    from fraud.workspace import Workspace

ShowIds = Annotated[
    str | None,
    typer.Option("--show-ids", metavar="REASON", help="Show persons' ids as stored, for this reason; recorded."),
]


def persons_on_screen(workspace: Workspace, show_ids: str | None, command: str, **facts: Any) -> ShownPersons:
    """Return how persons are shown; ids as stored are recorded before anything is shown.

    Parameters
    ----------
    workspace : Workspace
        Holds key and audit log.
    show_ids : str or None
        Why ids are shown as stored; None shows pseudonyms.
    command : str
        Words of the command, for the record.
    **facts
        Further facts of the record, such as the month.

    Raises
    ------
    InputError
        The reason is empty.
    ToolkitError
        It cannot be recorded.
    """
    from fraud.cases.keyed_ids import ShownPersons

    if show_ids is None:
        return ShownPersons(workspace)
    if not show_ids.strip():
        raise InputError.of("--show-ids", f"of fraud {command}", "without a reason", "say why; it is recorded")
    workspace.record("ids shown", command=command, reason=show_ids, **facts)
    return ShownPersons(workspace, as_stored=True)
