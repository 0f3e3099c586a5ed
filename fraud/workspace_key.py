"""The workspace's secret key: made at first use, checked at every use, and never the same bytes for two purposes."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from typing import TYPE_CHECKING

from features.errors import ToolkitError

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "pseudonyms.key"
KEY_BYTES = 32


def load_key(root: Path) -> bytes:
    """Return the key of a workspace; made where there is none.

    Parameters
    ----------
    root : Path
        The workspace's folder.

    Raises
    ------
    ToolkitError
        The key is of another length, no regular file, or others than its owner may use it: digests under it could
        be computed by those who should not know whom they mean.
    """
    path = root / FILE_NAME
    if not path.is_symlink() and not path.exists():
        _make(path)
    found = path.lstat()
    if not stat.S_ISREG(found.st_mode):
        raise _refusal(path, "it is no regular file", "put the key itself there")
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise _refusal(path, f"others may use it (mode {stat.S_IMODE(found.st_mode):o})", f"chmod 600 {path}")
    try:
        key = path.read_bytes()
    except OSError as error:
        raise _refusal(path, str(error.strerror), "run as the owner of the workspace") from error
    if len(key) != KEY_BYTES or len(set(key)) < 8:
        got = f"{len(key)} bytes" if len(key) != KEY_BYTES else "bytes that no random source gives"
        raise _refusal(path, f"{got}, not {KEY_BYTES} random ones", "restore it from a backup")
    return key


def keyed_digest(key: bytes, purpose: str, *parts: str) -> str:
    """Digest of texts under the key: without it nobody can find out what was digested by trying.

    Parameters
    ----------
    key : bytes
        Of the workspace.
    purpose : str
        What the digest is for; digests of two purposes cannot be joined.
    *parts : str
        The texts; `("a", "b")` and `("ab",)` differ.

    Returns
    -------
    str
        64 hexadecimal digits (HMAC-SHA-256, RFC 2104).
    """
    text = "\0".join((purpose, *parts)).encode("utf-8", "surrogatepass")
    return hmac.new(key, text, hashlib.sha256).hexdigest()


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_suffix(f".{os.getpid()}.new")
    descriptor = os.open(waiting, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
        file.flush()
        os.fsync(file.fileno())
    try:
        # A link fails where another process was first: its key is the key.
        os.link(waiting, path)
    except FileExistsError:
        pass
    finally:
        waiting.unlink()


def _refusal(path: Path, got: str, hint: str) -> ToolkitError:
    return ToolkitError(f"key of the workspace at {path}: {got}. Hint: {hint}")
