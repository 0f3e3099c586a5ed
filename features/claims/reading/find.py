"""Find the files of every source of a mapping below a source folder."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from features.claims.contract import TABLES
from features.claims.mapping.database import DatabaseSource
from features.claims.reading.found import Found
from features.claims.reading.limits import MAX_FILES
from features.claims.reading.names import is_data, is_mark
from features.claims.reading.patterns import Parts, Pattern
from features.claims.reading.walk import Walk, shown
from features.claims.reading.workbook_parts import sheets_of
from features.errors import InputError
from features.outside import first_line, plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from features.claims.mapping import Mapping, Source
    from features.claims.mapping.form import Form

_ENDING = re.compile(r"(\.(csv|txt|tsv|tab|psv|dat|parquet|xlsx|xlsm|xlsb|xls|ods))?(\.(gz|zip))?", re.IGNORECASE)
# Tables of which a log says which files still count: to read them all would count rows twice.
_LOGS = {"_delta_log": "Delta", ".hoodie": "Hudi"}
_WORKBOOK = (".xlsx", ".xlsm")


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
        found += _contract_files(folder, mapping.files)
    files = {name: source for name, source in mapping.sources.items() if not isinstance(source, DatabaseSource)}
    found += [_pattern_files(folder, name, source) for name, source in files.items()]
    return tuple(each for each in found if each.files)


def _no_folder(folder: Path, got: str) -> InputError:
    return InputError.of("source", plain_line(repr(str(folder))), got, "give the folder that holds the extract")


def _contract_files(folder: Path, form: Form) -> tuple[Found, ...]:
    """Files and folders named after tables of the contract, in any case, and workbooks with sheets of their names."""
    found: list[Found] = []
    books = _checked(Walk(folder, lambda _: False, _is_other_workbook).files(), folder, "contract")
    sheets: dict[Path, set[str]] = {}
    unreadable: list[InputError] = []
    for path in books:
        try:
            sheets[path] = {name.strip().lower() for name in sheets_of(path, shown((path.name,)))}
        except InputError as error:  # somebody's notes, as long as the tables are elsewhere
            unreadable.append(error)
    entries = [entry.name for entry in folder.iterdir()]  # the walk above has counted them
    for table in TABLES:
        own = _table_files(folder, table) if any(_is_of(table, name) for name in entries) else ()
        files = (*own, *(path for path in sheets if table in sheets[path]))
        found.append(Found(table, _checked(files, folder, table), form))
    given = tuple(each for each in found if each.files)
    if unreadable and not given:
        raise unreadable[0]
    return given


def _table_files(folder: Path, table: str) -> Iterator[Path]:
    walk = Walk(
        folder,
        descends=lambda parts: _is_of(table, parts[0]) and not any(map(is_mark, parts)),
        wants=lambda parts: _is_of(table, parts[0]) and (len(parts) == 1 or is_data(parts[-1])),
    )
    return walk.files()


def _is_of(table: str, name: str) -> bool:
    """Whether a file or folder is named after a table."""
    return name[: len(table)].lower() == table and bool(_ENDING.fullmatch(name[len(table) :]))


def _is_other_workbook(parts: Parts) -> bool:
    name = parts[0]
    return name.lower().endswith(_WORKBOOK) and is_data(name) and not any(_is_of(table, name) for table in TABLES)


def _pattern_files(folder: Path, name: str, source: Source) -> Found:
    patterns = tuple(map(Pattern.of, source.files))
    walk = Walk(
        folder,
        descends=lambda parts: any(pattern.enters(parts) for pattern in patterns),
        wants=lambda parts: any(pattern.takes(parts) for pattern in patterns),
    )
    files = _checked(walk.files(), folder, name)
    if not files and not source.is_optional:
        wanted = " or ".join(source.files)
        where = f"in {plain_line(repr(str(folder)))}"
        raise InputError.of(f"source '{name}'", where, f"no file {wanted}", "check folder and mapping")
    return Found(name, files, source, patterns)


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
    for above in {parent for path in once.values() for parent in path.relative_to(folder).parents}:
        for log, kind in _LOGS.items():
            if folder.joinpath(above, log).is_dir():
                got = f"a {kind} table, of which not every file is in force"
                raise InputError.of("folder", shown(above.parts or (".",)), got, "export it as plain Parquet")
    return tuple(sorted(once.values()))
