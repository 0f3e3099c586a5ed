"""Find the files of a source and read them as text: nothing is parsed and no row is lost here."""

from __future__ import annotations

import csv
import hashlib
import shutil
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import duckdb

from features.claims.contract import TABLES
from features.claims.parquet_texts import spelled
from features.engine import path_list, quoted
from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

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


@dataclass(frozen=True)
class Raw:
    """The texts of a source: a view of all, with `_file`, `_row` and every column, and one view a file.

    Parameters
    ----------
    name : str
        Of the view; `collect_rejected` makes `<name>_rejected` of unreadable CSV lines.
    columns : tuple of str
        Columns of the source, as named there.
    parts : dict of str to str
        Views by file.
    is_kept : bool
        Whether the texts lie in the engine; otherwise they are read anew whenever they are asked for.
    """

    name: str
    columns: tuple[str, ...]
    parts: dict[str, str]
    is_kept: bool


def open_raw(engine: DuckDBEngine, found: Found, folder: Path, staging: Path, name: str, *, keep: bool) -> Raw:
    """Name the texts of a source.

    Parameters
    ----------
    engine : DuckDBEngine
        Where the views are made.
    found : Found
        Its files.
    folder, staging : Path
        The source folder, for names relative to it; a folder for unpacked files.
    name : str
        Name of the view to make.
    keep : bool
        Whether to read them now, for a source that is asked for more than once.

    Raises
    ------
    InputError
        A file is empty or cannot be read at all.
    """
    readers: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for number, path in enumerate(found.files):
        file = path.relative_to(folder).as_posix()
        if path.name.endswith(".parquet"):
            readers[file] = _parquet_reader(engine, path, file)
        else:
            part = f"{name}_{number}"
            plain = _unpacked(path, staging / f"{part}.csv", found.encoding)
            readers[file] = _csv_reader(found, plain, file, part)
    spellings: dict[str, str] = {}
    for *_, given in readers.values():
        for column in given:
            spellings.setdefault(column.lower(), column)
    columns = tuple(spellings.values())
    parts = {file: f"{name}_{number}" for number, file in enumerate(readers)}
    make = engine.create_table if keep else engine.create_view
    for file, (reader, row, given) in readers.items():
        there = {column.lower() for column in given}
        texts = ", ".join(_text(column, is_there=column.lower() in there) for column in columns)
        with reading(engine, file):
            make(parts[file], f"select {quoted(file)} as _file, {row} as _row, {texts} from {reader}")
    engine.create_view(name, " union all ".join(f"select * from {part}" for part in parts.values()))
    return Raw(name, columns, parts, keep)


@contextmanager
def reading(engine: DuckDBEngine, file: str) -> Iterator[None]:
    """Keep the rows of a file in its order, and say which it is when it cannot be read."""
    # Row numbers follow the file only while rows are kept in order, which joins do not; a long IN list would be one.
    engine.execute("set preserve_insertion_order = true")
    engine.execute("set disabled_optimizers = 'in_clause'")
    try:
        yield
    except duckdb.Error as error:
        kind = "Parquet" if file.endswith(".parquet") else "CSV"
        got = f"not readable {kind} ({str(error).splitlines()[0]})"
        raise InputError.of("file", f"{file!r}", got, "export it again") from error
    finally:
        engine.execute("reset disabled_optimizers")
        engine.execute("set preserve_insertion_order = false")


def collect_rejected(engine: DuckDBEngine, raw: Raw) -> None:
    """Make `<name>_rejected` of the lines that were unreadable when every column of a source was read."""
    engine.create_table(
        f"{raw.name}_rejected", "select '' as _file, cast(0 as bigint) as _row, '' as reason, '' as raw where 1 = 0"
    )
    for file, part in raw.parts.items():
        if not file.endswith(".parquet"):
            errors = f"select line, min(error_message) as reason, min(csv_line) as raw from {part}_errors group by line"
            engine.execute(
                f"insert into {raw.name}_rejected select {quoted(file)}, line, "
                f"'malformed line: ' || split_part(reason, chr(10), 1), raw from ({errors})"
            )


def _text(name: str, *, is_there: bool) -> str:
    return f"cast({_quote(name) if is_there else 'null'} as varchar) as {_quote(name)}"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _parquet_reader(engine: DuckDBEngine, path: Path, file: str) -> tuple[str, str, tuple[str, ...]]:
    """Return SQL of the rows of a file, SQL of the number of a row, and the columns."""
    reader = f"read_parquet({path_list([path])}, hive_partitioning = false, file_row_number = true)"
    with reading(engine, file):
        names = engine.rows(f"describe select * exclude (file_row_number) from {reader}")
        reader = spelled(engine, reader, [(str(row[0]), str(row[1])) for row in names], path_list([path]))
    return reader, "file_row_number + 1", tuple(str(row[0]) for row in names)


def _csv_reader(found: Found, path: Path, file: str, part: str) -> tuple[str, str, tuple[str, ...]]:
    names = _header(path, found.delimiter, file)
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in names)
    reader = (
        f"read_csv({path_list([path])}, auto_detect = false, header = true, columns = {{{types}}}, "
        f"delim = {quoted(found.delimiter)}, quote = '\"', escape = '\"', new_line = {quoted(_new_line(path))}, "
        "hive_partitioning = false, store_rejects = true, rejects_limit = 0, "
        f"rejects_table = {quoted(f'{part}_errors')}, rejects_scan = {quoted(f'{part}_scan')})"
    )
    return reader, "row_number() over ()", names


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
