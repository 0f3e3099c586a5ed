"""Full disks, read-only and impossible workspaces: one line, nothing lost, and the next run with room is good."""

from __future__ import annotations

import functools
import os
import stat
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from tests.hard.kills import JOBS
from tests.hard.program import NOBODY
from tests.hard.state import differing, seen
from tests.hard.trial import Skipped, Trial, check

if TYPE_CHECKING:
    from tests.hard.bench import Bench
    from tests.hard.kills import Job

_ROOM_KB = (0, 40, 150, 400, 900, 1_600)
_MAX_FILE_KB = (1, 8, 40)
_WRITING = ("ingest", "score", "cases export", "feedback import", "train", "promote")


def disk_trials() -> list[Trial]:
    """Return full disks for each writing job, then workspaces that cannot be written to."""
    jobs = [job for job in JOBS if job.name in _WRITING]
    found = []
    for job in jobs:
        for room in _ROOM_KB:
            tried = functools.partial(_full, job, room)
            found.append(Trial("disks", f"{job.name} with {room} kB free", tried))
        for size in _MAX_FILE_KB:
            tried = functools.partial(_bounded, job, size)
            found.append(Trial("disks", f"{job.name}, no file over {size} kB", tried))
        found.append(Trial("disks", f"{job.name}, read-only workspace", functools.partial(_read_only, job)))
    for name in _IMPOSSIBLE:
        for job in jobs[:2]:
            tried = functools.partial(_impossible, name, job)
            found.append(Trial("disks", f"{job.name}, the workspace is {name}", tried))
    return found


def _full(job: Job, room: int, bench: Bench) -> None:
    """Run a job on a file system of its own that has `room` kB left; then with room."""
    if os.geteuid() != 0:
        raise Skipped("mounting needs root")
    start, words = job.before(bench), job.words(bench)
    disk = bench.folder() / "disk"
    disk.mkdir()
    used = sum(path.stat().st_size // 4096 + 1 for path in start.rglob("*") if not path.is_dir()) * 4096
    used += sum(4096 for path in start.rglob("*") if path.is_dir())
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2G", "tmpfs", disk], check=False, capture_output=True)
    if mounted.returncode:
        raise Skipped("this machine does not let us mount")
    try:
        workspace = disk / "workspace"
        subprocess.run(["cp", "-a", start, workspace], check=True)
        before = seen(workspace)
        free = f"remount,size={(used // 1024 + 64 + room) // 4 * 4}k"
        if subprocess.run(["mount", "-o", free, disk], check=False, capture_output=True).returncode:
            raise Skipped("the file system cannot be made so small")
        done = bench.fraud(workspace, *words, timeout=600).must(0, 1, 2)
        if done.code:
            check(seen(workspace) == before, f"a failed job changed something: {differing(before, seen(workspace))}")
        subprocess.run(["mount", "-o", "remount,size=2G", disk], check=True)
        bench.fraud(workspace, *words, timeout=600).must(0)
        left = [path.name for path in workspace.rglob("*") if path.suffix in (".new", ".writing")]
        check(not left, f"left behind: {left[:5]}")
    finally:
        subprocess.run(["umount", "-l", disk], check=False)


def _bounded(job: Job, size: int, bench: Bench) -> None:
    """Run a job that may write no file over `size` kB; then without that limit."""
    workspace, words = bench.copy(job.before(bench)), job.words(bench)
    before = seen(workspace)
    done = bench.fraud(workspace, *words, timeout=600, max_file=size * 1024).must(0, 1, 2)
    if done.code:
        check(seen(workspace) == before, f"a failed job changed something: {differing(before, seen(workspace))}")
    bench.fraud(workspace, *words, timeout=600).must(0)


def _read_only(job: Job, bench: Bench) -> None:
    """Run a job as a user who may read but not write."""
    if os.geteuid() != 0:
        raise Skipped("becoming another user needs root")
    workspace, words = bench.copy(job.before(bench)), job.words(bench)
    before = seen(workspace)
    _open_to_all(bench.root, workspace)
    bench.settings.chmod(0o644)
    done = bench.fraud(workspace, *words, timeout=600, uid=NOBODY, cwd=bench.root).must(1, 2)
    check(seen(workspace) == before, f"exit {done.code} changed something")


def _open_to_all(root: Path, workspace: Path) -> None:
    """Let others read the workspace of one trial, its key apart: what other trials copy stays their owner's."""
    for path in (root, workspace.parent, workspace, *workspace.rglob("*")):
        if not path.is_symlink() and path.name != "pseudonyms.key":
            mode = stat.S_IMODE(path.stat().st_mode)
            path.chmod(mode | (0o055 if path.is_dir() else 0o044))


def _impossible(name: str, job: Job, bench: Bench) -> None:
    """Run a job on a workspace that cannot be one."""
    words = job.words(bench)
    workspace = _IMPOSSIBLE[name](bench.folder())
    bench.fraud(workspace, *words).must(1, 2)


def _file(folder: Path) -> Path:
    (folder / "a").write_text("not ours", "utf-8")
    return folder / "a"


def _below_a_file(folder: Path) -> Path:
    return _file(folder) / "b"


def _link_to_nothing(folder: Path) -> Path:
    (folder / "a").symlink_to(folder / "gone" / "far")
    return folder / "a"


def _loop(folder: Path) -> Path:
    (folder / "a").symlink_to(folder / "a")
    return folder / "a"


def _store_is_a_file(folder: Path) -> Path:
    (folder / "store").write_text("", "utf-8")
    return folder


def _lock_is_a_folder(folder: Path) -> Path:
    (folder / ".lock").mkdir()
    return folder


_IMPOSSIBLE = {
    "a file": _file,
    "below a file": _below_a_file,
    "a link to nothing": _link_to_nothing,
    "a link to itself": _loop,
    "of a store that is a file": _store_is_a_file,
    "of a lock that is a folder": _lock_is_a_folder,
    "a name too long": lambda folder: folder / ("x" * 300),
    "a device": lambda _: Path("/dev/null"),
}
