"""The lock of a workspace: one writer at a time, who says who he is and since when."""

from __future__ import annotations

import errno
import fcntl
import getpass
import json
import os
import socket
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from features.errors import InputError, ToolkitError
from features.outside import first_line, plain_line
from fraud.durable import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = ".lock"
_MOST_BYTES = 4096
_LONGEST_NAME = 60
# How often a waiting writer looks again.
_PAUSE_SECONDS = 0.2
# What is wrong with the place, not with the moment: the caller gave a workspace that cannot be one.
_UNUSABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.EISDIR, errno.ELOOP,
             errno.ENAMETOOLONG, errno.EINVAL}  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """Who holds a lock, as he says himself: told to people, never believed by programs.

    Parameters
    ----------
    job, user, host : str
        The command, whose it is, and where it runs.
    pid : int
        Process on that host.
    since : float
        When it began, in seconds since 1970.
    """

    job: str
    user: str
    host: str
    pid: int
    since: float

    def told(self, now: float) -> str:
        """Say it in one line.

        Examples
        --------
        >>> Holder("score", "li", "node1", 12, since=0.0).told(now=720.0)
        '`fraud score` by li on node1, process 12, for 12 minutes'
        """
        job = f"`fraud {self.job}`" if self.job else "a job"
        return f"{job} by {self.user} on {self.host}, process {self.pid}, {_age(now - self.since)}"


@contextmanager
def held(root: Path, job: str, wait_seconds: float) -> Iterator[None]:
    """Hold a workspace's lock; the kernel lets go of it when the process dies, however it dies.

    Parameters
    ----------
    root : Path
        The workspace; made where it is not there.
    job : str
        What is told to others meanwhile.
    wait_seconds : float
        How long to wait for another writer.

    Raises
    ------
    InputError
        The place cannot be a workspace, or nothing may be written there.
    ToolkitError
        Another process is writing, or the disk is full.
    """
    try:
        make_folder(root)
        # No link is followed: what is written here might be anybody's file.
        descriptor = os.open(root / FILE_NAME, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise unwritable(root, error) from error
    try:
        _take(descriptor, root, time.monotonic() + wait_seconds)
        _write_holder(descriptor, job)
        yield
    finally:
        os.close(descriptor)


def holder(root: Path) -> str | None:
    """Say who holds the lock of a workspace now; None where nobody does, or it cannot be known."""
    try:
        descriptor = os.open(root / FILE_NAME, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _told_by(descriptor)
    except OSError:
        return None
    finally:
        os.close(descriptor)
    return None


def unwritable(root: Path, error: OSError) -> ToolkitError:
    """Say that a workspace cannot be written: the caller's place is wrong, or the disk is full."""
    if error.errno in _UNUSABLE:
        got = "a file, or a link to nothing" if error.errno in {errno.EEXIST, errno.ENOTDIR} else reason(error)
        hint = "name a folder that you may write with --workspace"
        return InputError.of("workspace", f"{plain_line(str(root))}", f"cannot be written: {got}", hint)
    hint = "free space or mend the disk, and run it again"
    return ToolkitError(f"workspace {plain_line(str(root))}: cannot be written ({reason(error)}). Hint: {hint}")


def reason(error: OSError) -> str:
    """Say why the system refused, without the name of a file."""
    return error.strerror or first_line(error)


def _take(descriptor: int, root: Path, until: float) -> None:
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            if time.monotonic() >= until:
                who = _told_by(descriptor)
                hint = "wait for it to end, or give --wait SECONDS"
                raise ToolkitError(
                    f"workspace {plain_line(str(root))}: another job is writing to it: {who}. Hint: {hint}"
                ) from busy
        except OSError as error:
            raise unwritable(root, error) from error
        else:
            return
        time.sleep(_PAUSE_SECONDS)


def _write_holder(descriptor: int, job: str) -> None:
    """Say who holds the lock; where the disk is too full for it the lock is held all the same."""
    said = {"job": job, "user": _user(), "host": socket.gethostname(), "pid": os.getpid(), "since": time.time()}
    content = json.dumps(said).encode()[:_MOST_BYTES]
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, content, 0)
    except OSError:
        return


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return f"user {os.getuid()}"


def _told_by(descriptor: int) -> str:
    try:
        found = json.loads(os.pread(descriptor, _MOST_BYTES, 0))
        return Holder(
            _name(found["job"]) if found["job"] else "",
            _name(found["user"]),
            _name(found["host"]),
            int(found["pid"]),
            float(found["since"]),
        ).told(time.time())
    except (OSError, ValueError, KeyError, TypeError, RecursionError, OverflowError):
        return "it does not say who it is"


def _name(value: Any) -> str:
    return plain_line(str(value))[:_LONGEST_NAME]


def _age(seconds: float) -> str:
    if not 0 <= seconds < 10 * 365 * 86_400:
        return "since an unknown time"
    for size, unit in ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second")):
        if seconds >= size or unit == "second":
            n = int(seconds // size)
            return f"for {n} {unit}{'' if n == 1 else 's'}"
    return ""
