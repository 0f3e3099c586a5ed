"""The workspace's secret key: made at first use, checked at every use, and never the same bytes for two purposes."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import stat
from typing import TYPE_CHECKING

from features.durable import to_disk
from features.errors import ToolkitError
from fraud.durable import make_folder

if TYPE_CHECKING:
    from pathlib import Path

FILE_NAME = "pseudonyms.key"
KEY_BYTES = 32
# Files of the workspace that are made under the key, and what one of their lines then holds: where such a line
# stands and no key, the key was lost. Earlier versions used it for review packs.
_MADE_UNDER_KEY = {
    "audit.jsonl": (b'"chain": "', b'"action": "cases export"'),
    "cases/*/manifest.json": (b'"review pack"',),
    "cases/events.jsonl": (b'"format": 2',),
    "cases/pending.json": (b"",),
}


def load_key(root: Path) -> bytes:
    """Return the key of a workspace; made where there is none and nothing says that there was one.

    Parameters
    ----------
    root : Path
        The workspace's folder.

    Raises
    ------
    ToolkitError
        The key is of another length, no regular file, or others than its owner may use it: digests under it could
        be computed by those who should not know whom they mean. Or it is gone: under a new one no pseudonym that
        was handed out could be resolved.
    """
    path = root / FILE_NAME
    if not _is_there(path):
        used = _used_key(root)
        # Asked again: another process may have made key and file since.
        if used and not _is_there(path):
            hint = f"restore {FILE_NAME} from a backup; docs/privacy.md says what to do where there is none"
            raise _refusal(path, f"gone, and {used} was made under it", hint)
        if not used:
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


def source_id(key: bytes, digest: str) -> str:
    """Name a file or source by a keyed digest of its SHA-256: one of a single row could be guessed from a plain one."""
    return keyed_digest(key, "source", digest)


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _used_key(root: Path) -> str:
    """Name a file that was made under a key; empty where there is none."""
    for pattern, tells in _MADE_UNDER_KEY.items():
        for path in sorted(root.glob(pattern)):
            if path.is_file():
                with path.open("rb") as lines:
                    if any(told in line for line in lines for told in tells):
                        return path.relative_to(root).as_posix()
    return ""


def _make(path: Path) -> None:
    make_folder(path.parent)
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
    to_disk(path.parent)


def _refusal(path: Path, got: str, hint: str) -> ToolkitError:
    return ToolkitError(f"key of the workspace at {path}: {got}. Hint: {hint}")
