"""Unpack a gzip file or a zip archive of one CSV, within bounds."""

from __future__ import annotations

import stat
import zipfile
from typing import IO, TYPE_CHECKING

from features.claims.reading.limits import MAX_UNPACKED_BYTES, MAX_UNPACKED_FLOOR, MAX_UNPACKED_RATIO
from features.errors import InputError
from features.outside import refusing

if TYPE_CHECKING:
    from io import BufferedIOBase
    from pathlib import Path

_PIECE = 1024 * 1024


def unpack(path: Path, target: Path, where: str) -> Path:
    """Return a plain file: the file itself where it is one, else what is packed in it, written to a target.

    Parameters
    ----------
    path, target : Path
        The file; where to write.
    where : str
        The file, for errors.

    Raises
    ------
    InputError
        It is damaged, encrypted, packed in a way that is not known, holds more or less than one file, or unpacks to
        more than `MAX_UNPACKED_RATIO` times its size or `MAX_UNPACKED_BYTES`.
    """
    name = path.name.lower()
    if name.endswith(".zip"):
        _unpack_zip(path, target, where)
    elif name.endswith(".gz"):
        import gzip

        with refusing("file", f"{where}: not a readable gzip", "export it again"), gzip.open(path) as packed:
            _copy(packed, target, path, where)
    else:
        return path
    return target


def _unpack_zip(path: Path, target: Path, where: str) -> None:
    import lzma

    # Encrypted, or packed in a way that is not known: a RuntimeError.
    kinds = (RuntimeError, lzma.LZMAError)
    with refusing("file", f"{where}: not a readable zip", "export it again", *kinds), zipfile.ZipFile(path) as archive:
        # Not `is_dir`, which fails on a name that is empty.
        members = [member for member in archive.infolist() if not member.filename.endswith("/")]
        if len(members) != 1:
            raise InputError.of("file", where, f"{len(members)} files inside", "zip one CSV at a time")
        if stat.S_ISLNK(members[0].external_attr >> 16):
            raise InputError.of("file", where, "a link inside", "zip the file itself")
        with archive.open(members[0]) as packed:
            _copy(packed, target, path, where)


def _copy(packed: IO[bytes] | BufferedIOBase, target: Path, path: Path, where: str) -> None:
    most = min(MAX_UNPACKED_BYTES, max(path.stat().st_size * MAX_UNPACKED_RATIO, MAX_UNPACKED_FLOOR))
    size = 0
    with target.open("wb") as plain:
        while piece := packed.read(_PIECE):
            size += len(piece)
            if size > most:
                got = f"unpacks to more than {most:,} bytes, far beyond what claims do"
                raise InputError.of("file", where, got, "unpack it by hand and look at it")
            plain.write(piece)
