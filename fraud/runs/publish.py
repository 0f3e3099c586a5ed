"""Publish a finished folder: a reader sees the old one or the new one, never half of either."""

from __future__ import annotations

import filecmp
import hashlib
import os
import shutil
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from features.durable import to_disk
from features.errors import ToolkitError
from features.vocabulary.months import check_month
from fraud.lock import unwritable
from fraud.runs.manifest import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fraud.workspace import Workspace


def version_name(month: str, manifest: bytes) -> str:
    """Name a version after its month and what its manifest says.

    Examples
    --------
    >>> version_name("2026-03", b"{}")
    '2026-03-44136fa355b3'
    """
    return f"{check_month(month)}-{hashlib.sha256(manifest).hexdigest()[:12]}"


def finished_version(month: str, folder: Path) -> str:
    """Name of the version that a finished folder becomes.

    Raises
    ------
    ToolkitError
        The folder has no manifest.
    """
    manifest = folder / MANIFEST
    if not manifest.is_file():
        raise ToolkitError(f"folder {folder.name}: without {MANIFEST} it is not finished. Hint: write it last")
    return version_name(month, manifest.read_bytes())


@contextmanager
def staged(workspace: Workspace, month: str) -> Iterator[Path]:
    """Hand out an empty folder to write into; what earlier writers left behind is removed.

    The caller holds `workspace.writer()`.

    Raises
    ------
    ToolkitError
        The disk is full, or nothing may be written; nothing half-written is left.
    """
    folder = workspace.staging / check_month(month)
    try:
        empty_staging(workspace)
        folder.mkdir(parents=True)
        yield folder
    except OSError as error:
        raise unwritable(workspace.root, error) from error
    finally:
        with suppress(OSError):  # the next writer tries again
            empty_staging(workspace)


def publish(workspace: Workspace, month: str, folder: Path, *, keep: int) -> Path:
    """Move a finished folder to its version and point the month's link at it.

    Every file reaches the disk before the folder gets its name, and the folder before the link is replaced, so
    that a process killed at any moment leaves the link on a whole folder. A folder equal to its version changes
    nothing.

    Parameters
    ----------
    workspace : Workspace
        Held by the caller as its one writer.
    month : str
        YYYY-MM.
    folder : Path
        From `staged`, with a `manifest.json`.
    keep : int
        Versions of the month to keep, the newest and always the linked one.

    Returns
    -------
    Path
        The version's folder.

    Raises
    ------
    ToolkitError
        The folder has no manifest, or something else bears the name of the link.
    """
    version = workspace.versions / finished_version(month, folder)
    workspace.versions.mkdir(parents=True, exist_ok=True)
    if version.is_dir() and not _equal(folder, version):
        # Somebody changed a finished folder; what its name promises is put back.
        version.rename(workspace.staging / "damaged")
    if not version.is_dir():
        for file in sorted(folder.iterdir()):
            to_disk(file)
        to_disk(folder)
        folder.rename(version)
        to_disk(workspace.versions)
    _point(workspace, month, version)
    _forget(workspace, month, version, keep)
    return version


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """Hand out an empty folder to write into, which takes the target's place once the block ends well."""
    waiting, old = (target.with_name(f".{target.name}.{what}") for what in ("writing", "old"))
    shutil.rmtree(waiting, ignore_errors=True)
    waiting.parent.mkdir(parents=True, exist_ok=True)
    waiting.mkdir(mode=0o700)
    try:
        yield waiting
        shutil.rmtree(old, ignore_errors=True)
        if target.exists():
            target.rename(old)
        waiting.rename(target)
        shutil.rmtree(old, ignore_errors=True)
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def _point(workspace: Workspace, month: str, version: Path) -> None:
    link, target = workspace.runs / month, os.path.join("..", workspace.versions.name, version.name)  # noqa: PTH118 - a link's text, not a path to open
    workspace.runs.mkdir(parents=True, exist_ok=True)
    if link.is_symlink() and str(link.readlink()) == target:
        return
    refuse_folder(link)
    fresh = workspace.staging / "link"
    fresh.symlink_to(target)
    fresh.replace(link)
    to_disk(workspace.runs)


def refuse_folder(link: Path) -> None:
    """Refuse a folder in the place of a month's link, as copying without links makes one: no job writes into it."""
    if link.exists() and not link.is_symlink():
        raise ToolkitError(
            f"{link}: a folder, not the link of a scored month. Hint: `fraud doctor --repair` makes it one again"
        )


def _forget(workspace: Workspace, month: str, current: Path, keep: int) -> None:
    others = [one for one in workspace.versions.glob(f"{month}-????????????") if one != current]
    others.sort(key=lambda one: (one.stat().st_mtime_ns, one.name), reverse=True)
    for old in others[keep - 1 :]:
        # What cannot be deleted does no harm to what is new.
        with suppress(OSError):
            discard(workspace, old)


def discard(workspace: Workspace, folder: Path) -> None:
    """Delete a folder of the workspace by way of staging, so that one that can be found is whole.

    The caller holds the workspace as its one writer.
    """
    gone = workspace.staging / folder.name
    workspace.staging.mkdir(parents=True, exist_ok=True)
    if gone.exists():
        shutil.rmtree(gone)
    folder.rename(gone)
    shutil.rmtree(gone)


def relink(workspace: Workspace, folder: Path) -> None:
    """Make the month's link to a version that was copied without it.

    The caller holds `workspace.writer()`.

    Parameters
    ----------
    folder : Path
        The month's only version, or a folder in the link's place; `can_relink` says that it can be.
    """
    empty_staging(workspace)
    month = folder.name[:7]
    version = workspace.versions / finished_version(month, folder)
    if folder.parent == workspace.runs:
        workspace.versions.mkdir(parents=True, exist_ok=True)
        # Wherever this ends early, the month has one version more and no link: the next repair makes that.
        folder.rename(workspace.staging / folder.name if version.is_dir() else version)
    _point(workspace, month, version)
    empty_staging(workspace)


def can_relink(workspace: Workspace, folder: Path) -> bool:
    """Whether a folder is finished, and the version it is named after is not there or equal to it."""
    if not (folder / MANIFEST).is_file():
        return False
    version = workspace.versions / finished_version(folder.name[:7], folder)
    return folder == version or not version.exists() or (version.is_dir() and _equal(folder, version))


def empty_staging(workspace: Workspace) -> None:
    """Remove what writers left half-written; the caller holds the workspace as its one writer."""
    if workspace.staging.is_dir():
        shutil.rmtree(workspace.staging)
    workspace.staging.mkdir(parents=True, exist_ok=True)


def _equal(one: Path, other: Path) -> bool:
    names = sorted(path.name for path in one.iterdir())
    if names != sorted(path.name for path in other.iterdir()):
        return False
    return filecmp.cmpfiles(one, other, names, shallow=False)[0] == names
