"""Kill a job at every step by which it changes the disk, as a power cut or `kill -9` would.

Steps are system calls; a child process is forked for each, and leaves at its step without running another line.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

STEPS = ("fsync", "rename", "replace", "symlink", "link", "unlink", "rmdir", "mkdir", "write", "pwrite", "ftruncate")
_KILLED, _DONE, _FAILED = 40, 41, 42


def kill_everywhere(
    start: Path, job: Callable[[Path], object], check: Callable[[Path], object], place: Path, *, after: bool = False
) -> int:
    """Kill a job before (or after) its first step, its second, and so on until it ends by itself.

    Parameters
    ----------
    start : Path
        A workspace, copied anew for each child.
    job : callable
        Works on such a copy, with a number of steps that is the same each time.
    check : callable
        Looks at the copy after the child is gone, and raises where half of something is left.
    place : Path
        Where the copies lie.
    after : bool
        Whether the step is still done.

    Returns
    -------
    int
        Steps at which the job was killed.
    """
    n = 0
    while True:
        root = place / f"{n}"
        shutil.copytree(start, root, symlinks=True)
        child = os.fork()
        if child == 0:
            _die_at(n, after=after)
            try:
                job(root)
                os._exit(_DONE)
            except BaseException:  # noqa: BLE001 - a child of a test ends here
                os._exit(_FAILED)
        _, status = os.waitpid(child, 0)
        code = os.waitstatus_to_exitcode(status)
        assert code in {_KILLED, _DONE}, f"the job failed before step {n}"
        check(root)
        shutil.rmtree(root)
        if code == _DONE:
            return n
        n += 1


def _die_at(n: int, *, after: bool) -> None:
    left = [n]

    def counted(call):
        def step(*given, **named):
            if left[0] == 0:
                if after:
                    call(*given, **named)
                os._exit(_KILLED)
            left[0] -= 1
            return call(*given, **named)

        return step

    for name in STEPS:
        setattr(os, name, counted(getattr(os, name)))
