"""Check of the disk: room for a further month, and what killed jobs left half-written."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from features.claims.store.catalog import Catalog
from features.errors import ToolkitError
from fraud.doctor.remark import note, ok, wrong
from fraud.lock import holder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fraud.doctor.remark import Patient, Remark
    from fraud.workspace import Workspace

# What ingest, facts and a scored month take beside the rows themselves: our proposal.
_TIMES_A_MONTH = 3
_LEAST_BYTES = 200 * 1000 * 1000
_LEAST_FILES = 1000


def check_disk(patient: Patient) -> Iterator[Remark]:
    """Compare the room that is left with that of the largest month."""
    workspace = patient.workspace
    free, needed = shutil.disk_usage(workspace.root).free, _LEAST_BYTES + _TIMES_A_MONTH * _largest_month(workspace)
    files = os.statvfs(workspace.root)
    if free < needed:
        yield wrong(f"{_size(free)} free; a further month may need {_size(needed)}", "free space or move the workspace")
    elif files.f_files and files.f_favail < _LEAST_FILES:
        yield wrong(f"room for {files.f_favail:,} more files only", "free space or move the workspace")
    else:
        yield ok(f"{_size(free)} free; a further month may need {_size(needed)}")
    if files.f_flag & os.ST_RDONLY or not os.access(workspace.root, os.W_OK):
        yield note("the workspace cannot be written here; it can be read", "make it writable before the next job")
    left = list(workspace.half_written())
    if left and holder(workspace.root) is None:
        size = sum(file.lstat().st_size for path in left for file in _files(path))
        hint = "`fraud doctor --repair` removes it, as does the next job that writes there"
        yield note(f"{_size(size)} that a killed job left half-written", hint)


def _files(path: Path) -> Iterator[Path]:
    if path.is_dir() and not path.is_symlink():
        yield from (each for each in path.rglob("*") if each.is_file())
    else:
        yield path


def _largest_month(workspace: Workspace) -> int:
    sizes: dict[str, int] = {}
    try:
        parts = [part for parts in Catalog.read(workspace.store).tables.values() for part in parts]
    except ToolkitError:  # the check of the store says it
        return 0
    for part in parts:
        file = workspace.store / part.file
        if file.is_file():
            sizes[part.month] = sizes.get(part.month, 0) + file.stat().st_size
    return max(sizes.values(), default=0)


def _size(n_bytes: int) -> str:
    return f"{n_bytes / 1_000_000:,.1f} MB"
