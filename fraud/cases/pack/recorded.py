"""Whether a pack is one that the workspace recorded: its manifest's SHA-256 stands in the chained audit log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.outside import UNREADABLE, first_line
from fraud.audit import read_audit
from fraud.cases.pack.manifest import MANIFEST, MAX_BYTES
from fraud.cases.pack.plain_file import read_plain
from fraud.workspace_key import FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

    from fraud.workspace import Workspace


@dataclass(frozen=True)
class PackRecord:
    """What a workspace knows of a pack.

    Parameters
    ----------
    is_asked : bool
        Whether there is an audit log at all to look into; without one nothing is proved.
    recorded_at : str
        When the pack was exported; empty where no line whose chain holds says so.
    log_faults : tuple of str
        Lines of the log that were changed, cut or moved, in words.
    is_older : bool
        Whether the log began before its lines were chained: an export of that time cannot be proved.
    """

    is_asked: bool
    recorded_at: str = ""
    log_faults: tuple[str, ...] = ()
    is_older: bool = False


def record_of(folder: Path, workspace: Workspace) -> PackRecord:
    """Look up a pack in the audit log of a workspace.

    Parameters
    ----------
    folder : Path
        Of the pack.
    workspace : Workspace
        Where the pack was exported; its key tells which lines of the log can be trusted. Nothing is written.
    """
    # A workspace without a key would get one now, which proves nothing.
    if not workspace.audit_log.is_file() or not (workspace.root / FILE_NAME).exists():
        return PackRecord(is_asked=False)
    try:
        digest = hashlib.sha256(read_plain(folder / MANIFEST, MAX_BYTES)).hexdigest()
        log = read_audit(workspace.audit_log, workspace.key())
    except UNREADABLE as error:
        return PackRecord(is_asked=True, log_faults=(first_line(error),))
    at = [str(entry.get("at", "")) for entry in log.entries if entry.get("manifest_sha256") == digest]
    return PackRecord(True, at[-1] if at else "", log.faults, is_older=log.n_unchained > 0)
