"""Unpack a gzip file, or the files of a zip archive that are data, within bounds."""

from __future__ import annotations

import stat
import zipfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from features.claims.reading.limits import MAX_FILES, MAX_UNPACKED_BYTES, MAX_UNPACKED_FLOOR, MAX_UNPACKED_RATIO
from features.claims.reading.names import is_data, is_mark
from features.errors import InputError
from features.outside import plain_line, refusing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import BufferedIOBase
    from pathlib import Path

_PIECE = 1024 * 1024
_UTF_8_NAME = 0x800


@dataclass(frozen=True)
class Member:
    """A file that was in an archive.

    Parameters
    ----------
    name : str
        There, its folders before it.
    path : Path
        Where it lies unpacked.
    """

    name: str
    path: Path


def gunzip(path: Path, target: Path, where: str) -> Path:
    """Write what is packed in a gzip file to a target, and return that.

    Raises
    ------
    InputError
        It is damaged, or unpacks beyond the bounds of `Bound`.
    """
    import gzip

    with refusing("file", f"{where}: not a readable gzip", "export it again"), gzip.open(path) as packed:
        Bound(path, where).copy(packed, target)
    return target


def unzip(path: Path, target: Path, where: str, takes: Callable[[str], bool]) -> Iterator[Member]:
    """Unpack the files of a zip archive that are data, in the order of their names.

    Parameters
    ----------
    path, target : Path
        The archive; beginning of the names of what is made.
    where : str
        The archive, for errors.
    takes : callable
        Whether a file is wanted, by its name there.

    Raises
    ------
    InputError
        It is damaged, encrypted, packed in a way that is not known, holds no file that is wanted, a link, or two of
        one name, or unpacks beyond the bounds of `Bound`.
    """
    import lzma

    # Encrypted, or packed in a way that is not known: a RuntimeError.
    kinds = (RuntimeError, lzma.LZMAError)
    with refusing("file", f"{where}: not a readable zip", "export it again", *kinds), zipfile.ZipFile(path) as archive:
        # Not `is_dir`, which fails on a name that is empty.
        inside = [(_name(each), each) for each in archive.infolist() if not each.filename.endswith("/")]
        members = sorted(((name, each) for name, each in inside if takes(name)), key=lambda pair: pair[0])
        if not members:
            got = f"{len(inside)} files inside, and none that is data" if inside else "0 files inside"
            raise InputError.of("file", where, got, "zip the CSV files, or name one in the mapping")
        if len({name for name, _ in members}) < len(members) or len(members) > MAX_FILES:
            got = f"{len(members):,} files inside, two of one name or more than {MAX_FILES:,}"
            raise InputError.of("file", where, got, "unpack it")
        bound = Bound(path, where)
        for number, (name, member) in enumerate(members):
            if stat.S_ISLNK(member.external_attr >> 16):
                raise InputError.of("file", where, "a link inside", "zip the file itself")
            unpacked = target.with_name(f"{target.name}_{number}")
            with archive.open(member) as packed:
                bound.copy(packed, unpacked)
            yield Member(name, unpacked)


def is_data_member(name: str) -> bool:
    """Whether a file of an archive that was named as a whole is read."""
    *folders, last = name.split("/")
    return is_data(last) and not any(map(is_mark, folders))


def _name(member: zipfile.ZipInfo) -> str:
    """Name of a member; one that is not marked as UTF-8 is as Windows of the country wrote it."""
    name = member.filename
    if not member.flag_bits & _UTF_8_NAME and not name.isascii():
        written = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                return plain_line(written.decode(encoding))
            except UnicodeDecodeError:
                continue
    return plain_line(name)


class Bound:
    """At most `MAX_UNPACKED_RATIO` times the size of an archive, or `MAX_UNPACKED_BYTES`, for all that is in it.

    Parameters
    ----------
    path : Path
        The archive.
    where : str
        The archive, for the error.
    """

    def __init__(self, path: Path, where: str) -> None:
        self._most = min(MAX_UNPACKED_BYTES, max(path.stat().st_size * MAX_UNPACKED_RATIO, MAX_UNPACKED_FLOOR))
        self._where = where
        self._size = 0

    def add(self, size: int) -> None:
        """Count bytes, and refuse what goes beyond."""
        self._size += size
        if self._size > self._most:
            got = f"unpacks to more than {self._most:,} bytes, far beyond what claims do"
            raise InputError.of("file", self._where, got, "unpack it by hand and look at it")

    def copy(self, packed: IO[bytes] | BufferedIOBase, target: Path) -> None:
        """Write a stream to a target as far as it is within the bound."""
        with target.open("wb") as plain:
            while piece := packed.read(_PIECE):
                self.add(len(piece))
                plain.write(piece)
