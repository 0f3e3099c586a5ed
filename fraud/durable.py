"""Small files of a workspace: written whole or not at all, on the disk at once, and readable by their owner alone."""

from __future__ import annotations

import errno
import json
import os
from typing import TYPE_CHECKING, Any

from features.durable import to_disk

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

OWNER_ONLY = 0o600
OWNER_FOLDER = 0o700


def json_line(value: Any) -> bytes:
    r"""Write a value as one line of JSON; half of a surrogate pair becomes an escape and breaks nothing.

    Examples
    --------
    >>> json_line({"note": "医\ud800"}).decode()
    '{"note": "医\\ud800"}\n'
    """
    return (json.dumps(value, ensure_ascii=False, sort_keys=True) + "\n").encode("utf-8", "backslashreplace")


def parsed_object(content: bytes) -> dict[str, Any] | None:
    """Parse a JSON object, such as one that `json_line` wrote; None where it is damaged, or anything else."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def make_folder(folder: Path) -> None:
    """Make a folder, and those above it, for their owner alone where there are none; one that stands stays as it is."""
    if not folder.is_dir():
        if folder.parent != folder:
            make_folder(folder.parent)
        folder.mkdir(mode=OWNER_FOLDER, exist_ok=True)


def write_whole(path: Path, content: bytes) -> None:
    """Give a file new content in one step; whoever reads it meanwhile sees the old one."""
    make_folder(path.parent)
    waiting = path.with_name(f"{path.name}.new")
    descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_ONLY)
    try:
        _write(descriptor, content)
    finally:
        os.close(descriptor)
    waiting.replace(path)
    to_disk(path.parent)


def append_lines(path: Path, lines: Iterable[bytes]) -> None:
    """Append whole lines; what an earlier write left half-written at the end is cut off first.

    Raises
    ------
    OSError
        They could not be written; the file is as long as before.
    """
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, OWNER_ONLY)
    try:
        os.ftruncate(descriptor, _end_of_last_line(descriptor))
        append_all(descriptor, b"".join(lines))
    finally:
        os.close(descriptor)
    to_disk(path.parent)


def append_all(descriptor: int, content: bytes) -> None:
    """Append all of the content to an open file, or nothing: a full disk may take a part of it without a word."""
    size = os.fstat(descriptor).st_size
    try:
        _write(descriptor, content)
    except OSError:
        os.ftruncate(descriptor, size)
        raise


def _write(descriptor: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        n_written = os.write(descriptor, view)
        if not n_written:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        view = view[n_written:]
    os.fsync(descriptor)


def _end_of_last_line(descriptor: int) -> int:
    """Return where the last line end stands: what follows was never finished."""
    end = os.fstat(descriptor).st_size
    while end:
        start = max(end - 65_536, 0)
        found = os.pread(descriptor, end - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        end = start
    return 0
