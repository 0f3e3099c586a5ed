"""The folder into which one engine spills: its own, gone with it, and what dead engines left beside it gone too."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = "fraud-spill-"


@contextlib.contextmanager
def spill_folder(parent: Path | None = None) -> Iterator[Path]:
    """Hand out a folder of one engine's own, readable by its owner alone; it is removed at the end.

    The folder is locked while the engine lives, and the kernel lets go of the lock however the process dies. Folders
    without a lock are what killed engines left behind: they are removed first.

    Parameters
    ----------
    parent : Path, optional
        Where the folder is made; by default where `TMPDIR` says, else `/var/tmp`, because `/tmp` is memory on many
        machines.

    Raises
    ------
    InputError
        No folder can be made there.
    """
    place = parent or _default_place()
    try:
        place.mkdir(parents=True, exist_ok=True)
        _remove_left_behind(place)
        folder, lock = _locked(place)
    except OSError as error:
        hint = "name a folder that can be written to as spill_folder under [engine]"
        raise InputError.of("spill folder", f"at {place}", str(error.strerror), hint) from error
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(lock)


def _default_place() -> Path:
    named, large = os.environ.get("TMPDIR"), Path("/var/tmp")  # noqa: S108 - a folder of our own is made in it
    return large if not named and os.access(large, os.W_OK) else Path(tempfile.gettempdir())


def _locked(place: Path) -> tuple[Path, int]:
    """Make a folder and lock it; another process may take it for one left behind until the lock is there."""
    while True:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=place))
        with contextlib.suppress(FileNotFoundError):
            if (lock := _lock(folder)) is not None:
                if folder.is_dir():
                    return folder, lock
                os.close(lock)


def _lock(folder: Path) -> int | None:
    """Lock a folder and return its descriptor; None while another process holds it."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _remove_left_behind(place: Path) -> None:
    for folder in place.glob(f"{_PREFIX}*"):
        # Others' folders are theirs, and one that vanishes meanwhile is gone as it should be.
        with contextlib.suppress(OSError):
            if folder.lstat().st_uid == os.getuid() and (lock := _lock(folder)) is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)
