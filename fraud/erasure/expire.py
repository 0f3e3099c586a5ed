"""Retention: what a workspace need not keep goes once it is older than so many days, and that is recorded."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from features.claims.store.catalog import Catalog
from features.claims.store.history import kept_files
from features.claims.store.write import remove_orphans
from features.errors import InputError
from fraud.cases.pack.manifest import MANIFEST
from fraud.runs.publish import discard

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    from fraud.workspace import Workspace


@dataclass(frozen=True)
class Expired:
    """How much of each kind was removed, or would be: files of quarantine, packs, versions, catalogues of the past."""

    removed: Mapping[str, int]


def expire(
    workspace: Workspace, *, older_than_days: int, kinds: Collection[str], now: datetime, dry_run: bool = False
) -> Expired:
    """Delete what is older than so many days; published months, the store as it is and labels stay.

    The caller holds the workspace as its one writer.

    Parameters
    ----------
    workspace : Workspace
        Holds everything.
    older_than_days : int
        Age by the time at which a file, or the manifest of a pack or version, was written.
    kinds : collection of str
        Of `KINDS`.
    now : datetime
        With zone.
    dry_run : bool
        Only say what would be removed.

    Raises
    ------
    InputError
        A kind is unknown.
    ToolkitError
        It cannot be recorded; nothing was removed.
    """
    for kind in kinds:
        if kind not in KINDS:
            raise InputError.unknown_name("kind", "of what expires", kind, KINDS)
    before = (now.astimezone(UTC) - timedelta(days=older_than_days)).timestamp()
    old = {kind: KINDS[kind](workspace, before) for kind in sorted(set(kinds))}
    told = Expired({kind: len(paths) for kind, paths in old.items()})
    if dry_run or not any(told.removed.values()):
        return told
    workspace.record("expire", older_than_days=older_than_days, removed=dict(told.removed))
    _forget_quarantine(workspace, {path for path in old.get("quarantine", ()) if path.suffix == ".parquet"})
    for path in (path for paths in old.values() for path in paths):
        if path.is_dir():
            discard(workspace, path)
        else:
            path.unlink(missing_ok=True)
    if old.get("history"):
        remove_orphans(workspace.store, Catalog.read(workspace.store))
    return told


def _forget_quarantine(workspace: Workspace, gone: set[Path]) -> None:
    """Take files out of the store's catalogue before they are deleted."""
    if not gone:
        return
    catalog = Catalog.read(workspace.store)
    left = {
        name: tuple(part for part in parts if workspace.store / part.file not in gone)
        for name, parts in catalog.quarantine.items()
    }
    catalog = replace(catalog, quarantine={name: parts for name, parts in left.items() if parts})
    catalog.write(workspace.store)
    remove_orphans(workspace.store, catalog)


def _is_old(path: Path, before: float) -> bool:
    return path.stat().st_mtime < before


def _quarantine(workspace: Workspace, before: float) -> list[Path]:
    live = Catalog.read(workspace.store).quarantine.values()
    stored = [workspace.store / part.file for parts in live for part in parts]
    returned = sorted((workspace.cases / "quarantine").glob("*.json"))
    return [path for path in (*stored, *returned) if path.is_file() and _is_old(path, before)]


def _packs(workspace: Workspace, before: float) -> list[Path]:
    return [path.parent for path in sorted(workspace.cases.glob(f"*/{MANIFEST}")) if _is_old(path, before)]


def _versions(workspace: Workspace, before: float) -> list[Path]:
    """Versions that no month points at."""
    linked = {link.resolve() for link in workspace.runs.glob("????-??")}
    found = sorted(workspace.versions.glob(f"*/{MANIFEST}"))
    return [path.parent for path in found if path.parent.resolve() not in linked and _is_old(path, before)]


def _history(workspace: Workspace, before: float) -> list[Path]:
    """Catalogues that gave way: what was scored of them is repeated by them."""
    return [path for path in kept_files(workspace.store) if _is_old(path, before)]


KINDS: Mapping[str, Callable[[Workspace, float], list[Path]]] = {
    "quarantine": _quarantine,
    "packs": _packs,
    "versions": _versions,
    "history": _history,
}
