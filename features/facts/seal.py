"""Seals of kept facts: the digest of what was written, beside it, so that nothing else is read in its place."""

from __future__ import annotations

import hashlib
import json
import shutil
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

FORMAT = 1
_MOST_BYTES = 1000


def seal_of(path: Path) -> Path:
    """Where the seal of a fact's file or folder lies."""
    return path.with_suffix(".json")


def write_seal(path: Path) -> None:
    """Seal a fact that was just written; a fact without its seal is made anew."""
    waiting = seal_of(path).with_suffix(".writing")
    waiting.write_text(_text(path), encoding="utf-8")
    waiting.replace(seal_of(path))


def is_sealed(path: Path) -> bool:
    """Whether a fact is there and is what was written."""
    seal = seal_of(path)
    try:
        if path.is_symlink() or seal.is_symlink() or not seal.is_file():
            return False
        with seal.open("rb") as file:
            told = file.read(_MOST_BYTES)
        return told == _text(path).encode()
    except OSError:
        return False


def kept(folder: Path) -> list[Path]:
    """Return whatever lies where facts are kept, their seals apart; sorted."""
    return sorted(path for path in folder.glob("*/*") if path.suffix == ".parquet")


def remove(path: Path) -> None:
    """Delete a fact, whatever lies in its place, and its seal first."""
    for each in (seal_of(path), path):
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each)
        else:
            each.unlink(missing_ok=True)


def _text(path: Path) -> str:
    return json.dumps({"format": FORMAT, "sha256": _digest(path)}) + "\n"


def _digest(path: Path) -> str:
    """Digest of a file, or of the names and contents of a folder's files."""
    if path.is_file():
        with path.open("rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    whole = hashlib.sha256()
    for file in sorted(path.rglob("*")):
        if file.is_file():
            whole.update(f"{file.relative_to(path).as_posix()}\0{_digest(file)}\0".encode())
    return whole.hexdigest()
