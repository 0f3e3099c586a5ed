"""Find the files of a source and read them as text: nothing is parsed and no row is lost here."""

from __future__ import annotations

import csv
import hashlib
import shutil
import zipfile
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import duckdb

from features.claims.contract import TABLES
from features.engine import path_list, quoted
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from features.claims.mapping import Mapping, Source
    from features.engine import DuckDBEngine

ENDINGS = (".csv", ".csv.gz", ".csv.zip", ".parquet")


@dataclass(frozen=True)
class Found:
    """The files of one source of a mapping, sorted."""

    name: str
    files: tuple[Path, ...]
    delimiter: str = ","
    encoding: str = "utf-8"


def find_sources(folder: Path, mapping: Mapping) -> tuple[Found, ...]:
    """List the files that a mapping reads from a source folder.

    Raises
    ------
    InputError
        The folder is not there, a pattern leaves it, or a source that is not optional has no file.
    """
    if not folder.is_dir():
        raise InputError.of("source", f"{str(folder)!r}", "not a folder", "give the folder that holds the extract")
    if mapping.identity:
        found = (Found(name, _contract_files(folder, name)) for name in TABLES)
        return tuple(each for each in found if each.files)
    return tuple(
        each for name, source in mapping.sources.items() if (each := _pattern_files(folder, name, source)).files
    )


def _contract_files(folder: Path, table: str) -> tuple[Path, ...]:
    whole = [folder / f"{table}{ending}" for ending in ENDINGS]
    parts = [path for path in (folder / table).rglob("*") if path.name.endswith(ENDINGS)]
    return tuple(sorted(path for path in (*whole, *parts) if path.is_file()))


def _pattern_files(folder: Path, name: str, source: Source) -> Found:
    files: set[Path] = set()
    for pattern in source.files:
        if PurePosixPath(pattern).is_absolute() or ".." in PurePosixPath(pattern).parts:
            hint = "name files below the source folder"
            raise InputError.of("pattern", f"of source '{name}'", f"{pattern!r} leaves the folder", hint)
        try:
            files.update(path for path in folder.glob(pattern) if path.is_file() and path.name.endswith(ENDINGS))
        except ValueError as error:
            raise InputError.of("pattern", f"of source '{name}'", str(error), "see docs/mappings.md") from error
    if not files and not source.is_optional:
        wanted = " or ".join(source.files)
        raise InputError.of(f"source '{name}'", f"in {str(folder)!r}", f"no file {wanted}", "check folder and mapping")
    return Found(name, tuple(sorted(files)), source.delimiter, source.encoding)


def digest(folder: Path, found: Iterable[Found]) -> str:
    """Digest of names and content of all files of a source, independent of where it lies."""
    total = hashlib.sha256()
    for each in found:
        for path in each.files:
            with path.open("rb") as file:
                content = hashlib.file_digest(file, "sha256").hexdigest()
            total.update(f"{each.name}\0{path.relative_to(folder).as_posix()}\0{content}\n".encode())
    return total.hexdigest()


def read_raw(engine: DuckDBEngine, found: Found, folder: Path, staging: Path, table: str) -> tuple[str, ...]:
    """Read a source into a table of texts, with `_file` and `_row`; unreadable CSV lines go to `<table>_rejected`.

    Parameters
    ----------
    engine : DuckDBEngine
        Where the tables are made.
    found : Found
        Its files.
    folder, staging : Path
        The source folder, for names relative to it; a folder for unpacked files.
    table : str
        Name of the table to make.

    Returns
    -------
    tuple of str
        Columns of the source, as named there.

    Raises
    ------
    InputError
        A file is empty or cannot be read at all.
    """
    queries: list[str] = []
    columns: dict[str, None] = {}
    engine.create_table(
        f"{table}_rejected", "select '' as _file, cast(0 as bigint) as _row, '' as reason, '' as raw where 1 = 0"
    )
    for number, path in enumerate(found.files):
        name = path.relative_to(folder).as_posix()
        part = f"{table}_{number}"
        if path.name.endswith(".parquet"):
            names = _read_parquet(engine, path, name, part)
        else:
            plain = _unpacked(path, staging / f"{part}.csv", found.encoding)
            names = _read_csv(engine, found, plain, name, part=part, table=table)
        columns.update(dict.fromkeys(names))
        queries.append(f"select * from {part}")
    engine.create_view(table, " union all by name ".join(queries))
    return tuple(columns)


def _text(names: Sequence[str]) -> str:
    return ", ".join(f"cast({_quote(name)} as varchar) as {_quote(name)}" for name in names)


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _read_parquet(engine: DuckDBEngine, path: Path, name: str, part: str) -> tuple[str, ...]:
    reader = f"read_parquet({path_list([path])}, hive_partitioning = false, file_row_number = true)"
    try:
        names = [str(row[0]) for row in engine.rows(f"describe select * exclude (file_row_number) from {reader}")]
        sql = f"select {quoted(name)} as _file, file_row_number + 1 as _row, {_text(names)} from {reader}"
        engine.create_table(part, sql)
    except duckdb.Error as error:
        got = str(error).splitlines()[0]
        raise InputError.of("file", f"{name!r}", f"not readable Parquet ({got})", "export it again") from error
    return tuple(names)


def _read_csv(engine: DuckDBEngine, found: Found, path: Path, name: str, *, part: str, table: str) -> tuple[str, ...]:
    names = _header(path, found.delimiter, name)
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in names)
    reader = (
        f"read_csv({path_list([path])}, auto_detect = false, header = true, columns = {{{types}}}, "
        f"delim = {quoted(found.delimiter)}, quote = '\"', escape = '\"', new_line = {quoted(_new_line(path))}, "
        "hive_partitioning = false, store_rejects = true, rejects_limit = 0, "
        f"rejects_table = {quoted(f'{part}_errors')}, rejects_scan = {quoted(f'{part}_scan')})"
    )
    # Row numbers follow the file only while the reader keeps its order.
    engine.execute("set preserve_insertion_order = true")
    try:
        engine.create_table(part, f"select {quoted(name)} as _file, row_number() over () as _row, * from {reader}")
        errors = f"select line, min(error_message) as reason, min(csv_line) as raw from {part}_errors group by line"
        engine.execute(
            f"insert into {table}_rejected select {quoted(name)}, line, "
            f"'malformed line: ' || split_part(reason, chr(10), 1), raw from ({errors})"
        )
    except duckdb.Error as error:
        got = str(error).splitlines()[0]
        raise InputError.of("file", f"{name!r}", f"not readable CSV ({got})", "export it again") from error
    finally:
        engine.execute("set preserve_insertion_order = false")
    return names


def _header(path: Path, delimiter: str, name: str) -> tuple[str, ...]:
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        names = tuple(column.strip() for column in next(csv.reader(file, delimiter=delimiter), []))
    folded = [column.lower() for column in names]
    if not any(names):
        raise InputError.of("file", f"{name!r}", "empty", "export it again, with a header line")
    if "" in folded or len(set(folded)) < len(folded) or {"_file", "_row"} & set(folded):
        raise InputError.of(
            "header", f"of file {name!r}", "a column without a name, or one twice", "name each column once"
        )
    return names


def _new_line(path: Path) -> str:
    with path.open("rb") as file:
        return "\\r\\n" if file.readline().endswith(b"\r\n") else "\\n"


def _unpacked(path: Path, target: Path, encoding: str) -> Path:
    """Return a plain UTF-8 CSV: the file itself where it is one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.name.endswith(".zip"):
        try:
            with zipfile.ZipFile(path) as archive:
                members = [member for member in archive.infolist() if not member.is_dir()]
                if len(members) != 1:
                    raise InputError.of(
                        "file", f"{path.name!r}", f"{len(members)} files inside", "zip one CSV at a time"
                    )
                with archive.open(members[0]) as packed, target.open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
        except (zipfile.BadZipFile, OSError, EOFError) as error:
            raise InputError.of("file", f"{path.name!r}", f"not a readable zip ({error})", "export it again") from error
        path = target
    elif path.name.endswith(".gz"):
        import gzip

        try:
            with gzip.open(path) as packed, target.open("wb") as plain:
                shutil.copyfileobj(packed, plain)
        except (OSError, EOFError) as error:
            raise InputError.of("file", f"{path.name!r}", f"not readable gzip ({error})", "export it again") from error
        path = target
    if encoding.lower().replace("_", "-") not in {"utf-8", "utf8"}:
        recoded = target.with_suffix(".utf8.csv")
        try:
            with (
                path.open(encoding=encoding, newline="") as old,
                recoded.open("w", encoding="utf-8", newline="") as new,
            ):
                shutil.copyfileobj(old, new)
        except (LookupError, UnicodeDecodeError) as error:
            raise InputError.of("file", f"{path.name!r}", str(error), "check `encoding` in the mapping") from error
        path = recoded
    return path
