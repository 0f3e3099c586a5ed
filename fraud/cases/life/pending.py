"""An import under way: what it takes to finish it after a failure stands on the disk before a label is stored."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from features.durable import to_disk
from features.errors import ToolkitError
from fraud.audit import read_audit
from fraud.cases.life.events import append_missing, open_history
from fraud.durable import json_line, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fraud.workspace import Workspace

FILE = "pending.json"
ACTION = "feedback import"


@dataclass(frozen=True)
class Pending:
    """An import of decisions that has begun.

    Parameters
    ----------
    source : str
        The returned file, by its keyed digest.
    at : str
        When it began, ISO.
    notes : dict of str to (str, str, str)
        Decision, note and pack by label id, of every row of which a label was made.
    """

    source: str
    at: str
    notes: dict[str, tuple[str, str, str]]


def finish_import(workspace: Workspace) -> int:
    """Finish an import that was broken off: its labels that are stored get their events, and the log its line.

    An import that had stored nothing gets no event: its file is given again. The caller holds the workspace as its
    one writer.

    Returns
    -------
    int
        Events that were missing.

    Raises
    ------
    ToolkitError
        The history of cases cannot be written.
    """
    path = workspace.cases / FILE
    if not path.exists():
        return 0
    with written(workspace):
        found = _read(path)
        if found is None:
            _remove(path)
            return 0
        open_history(workspace)
        n_added = append_missing(workspace, found.source, found.at, found.notes)
        if not _is_recorded(workspace, found):
            workspace.record(ACTION, source=found.source, started=found.at, events=n_added, resumed=True)
        _remove(path)
    return n_added


def begin_import(workspace: Workspace, pending: Pending) -> None:
    """Note an import before its first label is stored, and refuse it where its events could not be written."""
    with written(workspace):
        open_history(workspace)
        write_whole(workspace.cases / FILE, json_line(asdict(pending)))


def end_import(workspace: Workspace, pending: Pending, **told: Any) -> None:
    """Write the events of an import whose labels are stored, and its line of the audit log."""
    with written(workspace):
        append_missing(workspace, pending.source, pending.at, pending.notes)
        workspace.record(ACTION, source=pending.source, started=pending.at, **told)
        _remove(workspace.cases / FILE)


@contextmanager
def written(workspace: Workspace) -> Iterator[None]:
    """Say in words that the history of cases cannot be written."""
    try:
        yield
    except OSError as error:
        got = f"{error.strerror}; what was stored gets its events with the next import"
        hint = "free space or make the folder writable, and import the file again"
        raise ToolkitError(f"history of cases in {workspace.cases}: {got}. Hint: {hint}") from error


def _read(path: Path) -> Pending | None:
    """Read what an import left; None where it is not what an import writes."""
    try:
        found = json.loads(path.read_bytes())
        notes = {str(label): (str(told[0]), str(told[1]), str(told[2])) for label, told in found["notes"].items()}
        return Pending(str(found["source"]), str(found["at"]), notes)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, IndexError):
        return None


def _is_recorded(workspace: Workspace, pending: Pending) -> bool:
    entries = read_audit(workspace.audit_log, workspace.key()).entries
    return any(
        entry["action"] == ACTION and (entry.get("source"), entry.get("started")) == (pending.source, pending.at)
        for entry in entries
    )


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)
    to_disk(path.parent)
