"""Read a file of a pack as a plain one: no link, no pipe, no second name under which it could change."""

from __future__ import annotations

import hashlib
import os
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from io import BufferedReader
    from pathlib import Path


def read_plain(path: Path, max_bytes: int) -> bytes:
    """Read a plain file of bounded size.

    Raises
    ------
    OSError, ValueError
        It cannot be read, is no plain file, or is larger; the message says which.
    """
    with _open(path) as file:
        content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        raise ValueError(f"larger than {max_bytes:,} bytes")
    return content


def digest_plain(path: Path) -> str:
    """SHA-256 of a plain file as hexadecimal text.

    Raises
    ------
    OSError, ValueError
        It cannot be read, or is no plain file; the message says which.
    """
    with _open(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _open(path: Path) -> BufferedReader:
    if path.is_symlink():
        raise ValueError("a link to something else")
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_nlink > 1:
        os.close(descriptor)
        is_file = stat.S_ISREG(found.st_mode)
        raise ValueError("has a second name (hard link), under which it can change" if is_file else "no plain file")
    return os.fdopen(descriptor, "rb")
