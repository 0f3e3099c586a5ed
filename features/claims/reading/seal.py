"""Digest of a source's files, and whether they stayed as they were while they were read."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from features.claims.reading.found import Found

_State = tuple[int, int, int, int, int]


@dataclass(frozen=True)
class Seal:
    """Names and content of all files of a source, independent of where it lies.

    Parameters
    ----------
    digest : str
        SHA-256 over them.
    states : dict of Path to tuple
        What the file system says of each file: device, number, size, times of change.
    """

    digest: str
    states: dict[Path, _State]

    def check(self, folder: Path) -> None:
        """Refuse a source of which a file was changed, replaced or removed since.

        Raises
        ------
        InputError
            One was.
        """
        for path, state in self.states.items():
            try:
                now: _State | None = _state(path.stat())
            except OSError:
                now = None
            if now != state:
                got = "changed while it was read" if now else "vanished while it was read"
                raise InputError.of("file", _shown(path, folder), got, "try again when the extract is complete")


def seal(folder: Path, found: Iterable[Found]) -> Seal:
    """Read every file of a source once, for its digest.

    Raises
    ------
    InputError
        A file cannot be read.
    """
    total = hashlib.sha256()
    states: dict[Path, _State] = {}
    for each in found:
        for path in each.files:
            try:
                with path.open("rb") as file:
                    states[path] = _state(os.fstat(file.fileno()))
                    content = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError as error:
                got = f"cannot be read ({first_line(error)})"
                raise InputError.of("file", _shown(path, folder), got, "make it readable") from error
            name = path.relative_to(each.folder or folder).as_posix()
            total.update(f"{each.name}\0{name}\0{content}\n".encode())
    return Seal(total.hexdigest(), states)


def _shown(path: Path, folder: Path) -> str:
    return plain_line(f"'{path.relative_to(folder).as_posix() if path.is_relative_to(folder) else path.name}'")


def _state(found: os.stat_result) -> _State:
    return found.st_dev, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
