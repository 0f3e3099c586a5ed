"""What the audit log says of models: digests of their files, and who was made champion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.errors import ToolkitError
from fraud.audit import read_audit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.registry.database import Version
    from fraud.workspace import Workspace

REGISTERED, PINNED = "model registered", "model pinned"
PROMOTED, ROLLED_BACK = "model promoted", "model rolled back"


@dataclass(frozen=True)
class Move:
    """A change of champion.

    Parameters
    ----------
    version : int
        Champion from then on.
    history : tuple of int
        Champions that a rollback goes back through, oldest first; the last is this one.
    is_rollback : bool
        Whether it went back.
    """

    version: int
    history: tuple[int, ...]
    is_rollback: bool = False


@dataclass(frozen=True)
class Recorded:
    """Lines of the audit log about the models of one entity, whose chain holds, oldest first."""

    entries: tuple[Mapping[str, Any], ...]

    def digests(self, version: Version) -> Mapping[str, str] | None:
        """SHA-256 of each file of a version, as last recorded; None where nothing is.

        A number may come twice where a registry was begun anew or a registration was killed: the run tells them apart.
        """
        wanted = (version.number, version.run_id)
        found = [
            entry["files"]
            for entry in self.entries
            if entry["action"] in {REGISTERED, PINNED}
            and (entry.get("version"), entry.get("run_id")) == wanted
            and isinstance(entry.get("files"), dict)
        ]
        return found[-1] if found else None

    def moves(self) -> list[Move]:
        """Return changes of champion, oldest first."""
        return [
            Move(entry["version"], tuple(entry.get("history", [entry["version"]])), entry["action"] == ROLLED_BACK)
            for entry in self.entries
            if entry["action"] in {PROMOTED, ROLLED_BACK}
        ]


def read_recorded(workspace: Workspace, entity: str) -> Recorded:
    """Read what the audit log says of an entity's models.

    Raises
    ------
    ToolkitError
        The log is there and cannot be read, or the workspace's key must not be used.
    """
    log = workspace.audit_log
    if not (log.exists() or log.is_symlink()):
        return Recorded(())
    try:
        entries = read_audit(log, workspace.key()).entries
    except OSError as error:
        hint = "make it readable, or restore it from a backup"
        raise ToolkitError(f"audit log {log}: {error.strerror}. Hint: {hint}") from error
    actions = {REGISTERED, PINNED, PROMOTED, ROLLED_BACK}
    return Recorded(tuple(e for e in entries if e.get("action") in actions and e.get("entity") == entity))
