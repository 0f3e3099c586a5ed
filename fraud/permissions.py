"""Permissions of a workspace: everything in it is its owner's alone, whatever made it."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_OTHERS = 0o077


def loose_files(root: Path) -> list[Path]:
    """Return what others than its owner may read, write or list, the folder itself first.

    Parameters
    ----------
    root : Path
        A workspace, or a review pack; links are left alone, since what they point at lies elsewhere.

    Returns
    -------
    list of Path
        Sorted within each folder; empty where nothing is loose or there is no folder.
    """
    return [path for path in _everything(root) if stat.S_IMODE(path.lstat().st_mode) & _OTHERS]


def tighten(root: Path) -> int:
    """Take from everybody but the owner what `loose_files` finds; return how many files and folders that were.

    Raises
    ------
    OSError
        A file belongs to somebody else.
    """
    loose = loose_files(root)
    for path in loose:
        path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~_OTHERS)
    return len(loose)


def _everything(root: Path) -> Iterator[Path]:
    if root.is_symlink() or not root.exists():
        return
    yield root
    if root.is_dir():
        for path in sorted(root.iterdir()):
            yield from _everything(path)
