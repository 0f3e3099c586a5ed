"""What a month takes from the scored month before: the rings whose ids live on, and the ranks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.errors import InputError
from features.vocabulary.entities import ID_COLUMNS
from features.vocabulary.months import month_before
from fraud.rings import Rings
from fraud.runs.manifest import MANIFEST, RunReference, digest_of
from fraud.runs.tables import read_output

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

    from features.vocabulary.entities import Entity
    from fraud.workspace import Workspace

_RING_TABLES = ("rings", "ring_members", "ring_edges")


@dataclass(frozen=True)
class PreviousRun:
    """The scored month before, or nothing.

    Parameters
    ----------
    folder : Path or None
        Its version; None when it is not scored.
    """

    folder: Path | None

    @property
    def reference(self) -> RunReference | None:
        """How a manifest names it: the version, and the digest of its manifest."""
        if self.folder is None:
            return None
        content = (self.folder / MANIFEST).read_bytes()
        return RunReference(version=self.folder.name, manifest_sha256=digest_of(content))

    def rings(self) -> Rings | None:
        """Rings of that month: the ledger from which ids and status follow."""
        if self.folder is None:
            return None
        return Rings(*(read_output(self.folder, table) for table in _RING_TABLES))

    def ranks(self, entity: Entity) -> pd.Series | None:
        """Rank per subject in that month."""
        if self.folder is None:
            return None
        key = ID_COLUMNS[entity]
        return read_output(self.folder, f"{entity}_scores").set_index(key)["rank"]


def previous_run(workspace: Workspace, month: str) -> PreviousRun:
    """Find the run that the month before points at now."""
    link = workspace.runs / month_before(month)
    return PreviousRun(link.resolve() if (link / MANIFEST).is_file() else None)


def recorded_run(workspace: Workspace, reference: RunReference | None) -> PreviousRun:
    """Find the run that a manifest names.

    Raises
    ------
    InputError
        It is gone, or is no longer what it was.
    """
    if reference is None:
        return PreviousRun(None)
    run = PreviousRun(workspace.versions / reference.version)
    if run.folder is None or not (run.folder / MANIFEST).is_file() or run.reference != reference:
        what = f"version '{reference.version}' of the month before"
        hint = "its rings and ranks are needed; restore it from a backup"
        raise InputError.of(what, f"in {workspace.versions}", "gone or changed", hint)
    return run
