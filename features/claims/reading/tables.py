"""Tables that lie in the files of a source: one a file, unless it is an archive of several."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.reading.kind import Kind, kind_of
from features.claims.reading.names import path_keys
from features.claims.reading.patterns import matches
from features.claims.reading.unpack import gunzip, is_data_member, unzip
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from features.claims.reading.found import Found
    from features.claims.reading.patterns import Pattern

_PACKED = ("zip", "gzip")


@dataclass(frozen=True)
class TableFile:
    """One table, unpacked.

    Parameters
    ----------
    name : str
        Its file below the source folder; of several in an archive, their names there behind it.
    path : Path
        Where it lies.
    kind : str
        Text, Parquet or workbook.
    keys : dict of str to str, optional
        Columns that the folders around it say.
    archive : str
        The archive that was named as a whole, all of whose tables must be of one shape; else empty.
    """

    name: str
    path: Path
    kind: Kind
    keys: dict[str, str | None]
    archive: str = ""


def tables_of(found: Found, folder: Path, staging: Path) -> Iterator[TableFile]:
    """Give the tables of a source, unpacked, in the order of their names.

    Parameters
    ----------
    found : Found
        Its files.
    folder, staging : Path
        The source folder; folder and beginning of names for what is unpacked.

    Raises
    ------
    InputError
        A file is of a kind that is not read, or cannot be unpacked.
    """
    for number, path in enumerate(found.files):
        parts = path.relative_to(found.folder or folder).parts
        name, keys = "/".join(parts), path_keys(parts[:-1])
        where, target = plain_line(f"'{name}'"), staging.with_name(f"{staging.name}_{number}")
        kind = kind_of(path, path.name, where)
        if kind == "gzip":
            plain = gunzip(path, target, where)
            yield TableFile(name, plain, _inner(plain, path.name.rpartition(".")[0], where), keys)
        elif kind == "zip":
            yield from _members(found, path, parts, target)
        else:
            yield TableFile(name, path, kind, keys)


def _members(found: Found, path: Path, parts: tuple[str, ...], target: Path) -> Iterator[TableFile]:
    name = "/".join(parts)
    where = plain_line(f"'{name}'")
    # A pattern that names the archive alone means all data in it.
    named = [each for each in found.patterns if matches(each.parts, parts) and each.member]
    is_whole = len(named) < sum(matches(each.parts, parts) for each in found.patterns) or not found.patterns
    takes = is_data_member if is_whole else lambda member: _is_named(named, member)
    members = list(unzip(path, target, where, takes))
    for member in members:
        label = name if is_whole and len(members) == 1 else f"{name}/{member.name}"
        folders = (*parts[:-1], *member.name.split("/")[:-1])
        kind = _inner(member.path, member.name, plain_line(f"'{label}'"))
        yield TableFile(label, member.path, kind, path_keys(folders), name if is_whole else "")


def _is_named(patterns: list[Pattern], member: str) -> bool:
    return any(matches(each.member, tuple(member.split("/"))) for each in patterns)


def _inner(path: Path, name: str, where: str) -> Kind:
    kind = kind_of(path, name, where)
    if kind in _PACKED:
        raise InputError.of("file", where, f"{kind} inside of an archive, and no table", "unpack it once")
    return kind
