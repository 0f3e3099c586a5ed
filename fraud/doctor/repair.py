"""Repairs that are safe: each is recorded first, changes nothing that cannot be made anew, and may be repeated."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.store.catalog import Catalog
from features.claims.store.parse_catalog import FORMAT
from features.errors import ToolkitError
from features.facts.seal import remove
from fraud.cases.life.pending import FILE, finish_import
from fraud.doctor.facts import damaged_facts
from fraud.doctor.runs import folders_for_links, unlinked
from fraud.lock import unwritable
from fraud.permissions import tighten
from fraud.runs.publish import can_relink, relink

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fraud.workspace import Workspace

# As the audit log calls it.
TIGHTENED = "permissions tightened"


@dataclass(frozen=True)
class Repair:
    """One repair.

    Parameters
    ----------
    name : str
        As the audit log calls it.
    count : callable
        How many things of a workspace need it.
    mend : callable
        Mends them; may be repeated, and ended at any moment.
    """

    name: str
    count: Callable[[Workspace], int]
    mend: Callable[[Workspace], object]


def repair(workspace: Workspace) -> dict[str, int]:
    """Do every repair that something needs; the caller holds `workspace.writer()`.

    Returns
    -------
    dict of str to int
        How many things were mended, by repair; those that nothing needed are left out.

    Raises
    ------
    ToolkitError
        A repair cannot be recorded or done; those before it are done.
    """
    done = {}
    try:
        # Before anything is recorded: the log is written under the key, which must be its owner's alone.
        n_tightened = tighten(workspace.root)
        if n_tightened:
            done[TIGHTENED] = n_tightened
            workspace.record("workspace repaired", repair=TIGHTENED, things=n_tightened)
        for each in REPAIRS:
            n = each.count(workspace)
            if n:
                workspace.record("workspace repaired", repair=each.name, things=n)
                each.mend(workspace)
                done[each.name] = n
    except OSError as error:
        raise unwritable(workspace.root, error) from error
    return done


def _n_half_written(workspace: Workspace) -> int:
    return len(list(workspace.half_written()))


def _n_damaged_facts(workspace: Workspace) -> int:
    return len(damaged_facts(workspace.facts))


def _remove_damaged_facts(workspace: Workspace) -> None:
    for path in damaged_facts(workspace.facts):
        remove(path)


def _n_old_formats(workspace: Workspace) -> int:
    try:
        catalog = Catalog.read(workspace.store)
    except ToolkitError:  # not a matter of its format; the check of the store says it
        return 0
    return int(catalog.format < FORMAT)


def _migrate_store(workspace: Workspace) -> None:
    """Write the catalogue anew in this version's format; it names the same parts."""
    Catalog.read(workspace.store).write(workspace.store)


def _to_link(workspace: Workspace) -> list[Path]:
    """Return what a month's link can be made of without asking: the folder in its place, or its only version."""
    alone = [found[0] for found in unlinked(workspace).values() if len(found) == 1]
    return [folder for folder in (*folders_for_links(workspace), *alone) if can_relink(workspace, folder)]


def _relink(workspace: Workspace) -> None:
    for folder in _to_link(workspace):
        relink(workspace, folder)


def _n_pending(workspace: Workspace) -> int:
    return int((workspace.cases / FILE).is_file())


REPAIRS: tuple[Repair, ...] = (
    Repair("half-written files removed", _n_half_written, lambda workspace: workspace.remove_half_written()),
    Repair("damaged facts deleted", _n_damaged_facts, _remove_damaged_facts),
    Repair("store written in the newest format", _n_old_formats, _migrate_store),
    Repair("links of scored months made again", lambda workspace: len(_to_link(workspace)), _relink),
    Repair("imports of decisions finished", _n_pending, finish_import),
)
