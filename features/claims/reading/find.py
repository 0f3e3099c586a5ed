"""Find the files of every source of a mapping below a source folder."""

from __future__ import annotations

import os
import re
from fnmatch import translate
from functools import lru_cache
from typing import TYPE_CHECKING

from features.claims.contract import TABLES
from features.claims.mapping_database import DatabaseSource
from features.claims.reading.found import Found
from features.claims.reading.limits import MAX_FILES
from features.claims.reading.walk import Parts, Walk, shown
from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from features.claims.mapping import Mapping, Source

ENDINGS = (".csv", ".csv.gz", ".csv.zip", ".parquet")


def find_sources(folder: Path, mapping: Mapping) -> tuple[Found, ...]:
    """List the files that a mapping reads from a source folder.

    Raises
    ------
    InputError
        The folder is not there, a file cannot be used, or a source that is not optional has no file.
    """
    try:
        is_folder = folder.is_dir()
    except (OSError, ValueError) as error:
        raise _no_folder(folder, first_line(error)) from error
    if not is_folder:
        raise _no_folder(folder, "not a folder")
    found: list[Found] = []
    if mapping.identity:
        found += [Found(name, _contract_files(folder, name)) for name in TABLES]
    files = {name: source for name, source in mapping.sources.items() if not isinstance(source, DatabaseSource)}
    found += [_pattern_files(folder, name, source) for name, source in files.items()]
    return tuple(each for each in found if each.files)


def _no_folder(folder: Path, got: str) -> InputError:
    return InputError.of("source", plain_line(repr(str(folder))), got, "give the folder that holds the extract")


def _contract_files(folder: Path, table: str) -> tuple[Path, ...]:
    whole = {(f"{table}{ending}",) for ending in ENDINGS}
    for (name,) in whole:
        if folder.joinpath(name).is_dir():
            raise InputError.of("file", f"'{name}'", "a folder", f"name a folder of files '{table}'")
    walk = Walk(
        folder,
        descends=lambda parts: parts[0] == table,
        wants=lambda parts: parts in whole or (parts[0] == table and len(parts) > 1 and is_readable(parts[-1])),
    )
    return _checked(walk.files(), folder, table)


def _pattern_files(folder: Path, name: str, source: Source) -> Found:
    patterns = [tuple(part for part in pattern.split("/") if part not in {"", "."}) for pattern in source.files]
    walk = Walk(
        folder,
        descends=lambda parts: any(matches(pattern, parts, is_start=True) for pattern in patterns),
        wants=lambda parts: (
            (source.format is not None or is_readable(parts[-1]))
            and any(matches(pattern, parts) for pattern in patterns)
        ),
    )
    files = _checked(walk.files(), folder, name)
    if not files and not source.is_optional:
        wanted = " or ".join(source.files)
        where = f"in {plain_line(repr(str(folder)))}"
        raise InputError.of(f"source '{name}'", where, f"no file {wanted}", "check folder and mapping")
    return Found(
        name, files, source.delimiter, source.encoding, source.format or "", source.part or "", source.may_lack
    )


def is_readable(name: str) -> bool:
    """Whether a file is one of a kind that is read, by its name in any case."""
    return name.lower().endswith(ENDINGS)


def matches(pattern: Parts, parts: Parts, *, is_start: bool = False) -> bool:
    """Whether the parts of a name match those of a pattern; `**` stands for any number of folders.

    Parameters
    ----------
    pattern, parts : tuple of str
        Of the pattern; of the name of a file, or with `is_start` of a folder that may hold matching files.

    Examples
    --------
    >>> matches(("**", "b*.csv"), ("x", "y", "bills.csv"))
    True
    >>> matches(("x", "*", "bills.csv"), ("x", "y"), is_start=True)
    True
    """
    reached = _skipping(pattern, {0})
    for part in parts:
        stayed = {at for at in reached if at < len(pattern) and pattern[at] == "**"}
        moved = {at + 1 for at in reached - stayed if at < len(pattern) and _part(pattern[at]).fullmatch(part)}
        reached = _skipping(pattern, stayed | moved)
    return any(at < len(pattern) for at in reached) if is_start else len(pattern) in reached


def _skipping(pattern: Parts, reached: set[int]) -> set[int]:
    """Add the places behind each `**` that stands for no folder at all."""
    for start in sorted(reached):
        at = start
        while at < len(pattern) and pattern[at] == "**":
            at += 1
            reached.add(at)
    return reached


@lru_cache(maxsize=1024)
def _part(pattern: str) -> re.Pattern[str]:
    return re.compile(translate(pattern))


def _checked(files: Iterable[Path], folder: Path, source: str) -> tuple[Path, ...]:
    """Sort files, each once however many links lead to it; refuse too many, and names that no text can hold."""
    once: dict[str, Path] = {}
    for path in files:
        try:
            str(path).encode("utf-8")
        except UnicodeEncodeError as error:
            got = "its name is not UTF-8"
            raise InputError.of("file", shown(path.relative_to(folder).parts), got, "rename it") from error
        once.setdefault(os.path.realpath(path), path)
        if len(once) > MAX_FILES:
            raise InputError.of(f"source '{source}'", "", f"more than {MAX_FILES:,} files", "put them together")
    return tuple(sorted(once.values()))
