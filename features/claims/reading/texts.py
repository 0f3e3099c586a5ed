"""The texts of a source as views of an engine, and what became of every line of its files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.reading.damaged import shortened_sql
from features.claims.reading.decode import decode
from features.claims.reading.fhir import Flattened, flatten_file
from features.claims.reading.limits import MAX_RECORD_BYTES
from features.claims.reading.parquet import parquet_reader
from features.claims.reading.reading import reading
from features.claims.reading.sift import Sifted, sift
from features.claims.reading.unpack import unpack
from features.claims.report import FileCount
from features.engine import path_list, quoted
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from features.claims.reading.found import Found
    from features.engine import DuckDBEngine

# The copy of a record may be spelled with twice its quotes.
_MAX_SPELLED_BYTES = 4 * MAX_RECORD_BYTES


@dataclass(frozen=True)
class Part:
    """One file of a source.

    Parameters
    ----------
    view : str
        Name of its texts in the engine.
    n_claimed : int
        Rows that it has, counted apart from the reader or, of Parquet, by its index.
    sifted : Sifted, optional
        What a CSV file holds; None for others.
    flattened : Flattened, optional
        What a file of FHIR resources holds; None for others.
    """

    view: str
    n_claimed: int
    sifted: Sifted | None = None
    flattened: Flattened | None = None


@dataclass(frozen=True)
class Raw:
    """The texts of a source: a view of all, with `_file`, `_row` and every column, and one view a file.

    Parameters
    ----------
    source : str
        Name of the source in its mapping.
    name : str
        Of the view; `collect_rejected` makes `<name>_rejected` of what is no row.
    columns : tuple of str
        Columns of the source, as named there.
    parts : dict of str to Part
        By file.
    lacking : frozenset of str
        Those of `columns` that no file has.
    is_kept : bool
        Whether the texts lie in the engine; otherwise they are read anew whenever they are asked for.
    """

    source: str
    name: str
    columns: tuple[str, ...]
    parts: dict[str, Part]
    is_kept: bool
    lacking: frozenset[str] = frozenset()


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
        Name of the view to make; those of files begin with it.
    keep : bool
        Whether to read them now, for a source that is asked for more than once.

    Raises
    ------
    InputError
        A file is empty or cannot be read at all.
    """
    staging.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Part] = {}
    readers: dict[str, tuple[str, str, tuple[str, ...]]] = {}
    for number, path in enumerate(found.files):
        file, view = path.relative_to(found.folder or folder).as_posix(), f"{name}_file_{number}"
        if found.format == "fhir":
            flattened = flatten_file(path, file, found.part, staging)
            reader, given, rows = parquet_reader(engine, flattened.path, file)
            parts[file] = Part(view, rows, flattened=flattened)
            readers[file] = reader, "file_row_number + 1", given
        elif file.lower().endswith(".parquet"):
            reader, given, rows = parquet_reader(engine, path, file)
            parts[file], readers[file] = Part(view, rows), (reader, "file_row_number + 1", given)
        else:
            sifted = _sifted(found, path, staging / view, file)
            reader = _csv_reader(sifted, found.delimiter, view)
            parts[file] = Part(view, sifted.n_records, sifted)
            readers[file] = reader, "row_number() over ()", sifted.header.columns
    spellings: dict[str, str] = {}
    for *_, given in readers.values():
        for column in given:
            spellings.setdefault(column.lower(), column)
    lacking = frozenset(column for column in found.may_lack if column.lower() not in spellings)
    columns = (*spellings.values(), *sorted(lacking))
    make = engine.create_table if keep else engine.create_view
    for file, (reader, row, given) in readers.items():
        there = {column.lower() for column in given}
        texts = ", ".join(_text(column, is_there=column.lower() in there) for column in columns)
        with reading(engine, file):
            make(parts[file].view, f"select {quoted(file)} as _file, {row} as _row, {texts} from {reader}")
    engine.create_view(name, " union all ".join(f"select * from {part.view}" for part in parts.values()))
    return Raw(found.name, name, columns, parts, keep, lacking)


def _sifted(found: Found, path: Path, staging: Path, file: str) -> Sifted:
    where = plain_line(f"'{file}'")
    plain = unpack(path, staging.with_name(f"{staging.name}.csv"), where)
    plain = decode(plain, staging.with_name(f"{staging.name}_utf8.csv"), found.encoding, where)
    return sift(plain, staging, found.delimiter, file)


def _csv_reader(sifted: Sifted, delimiter: str, view: str) -> str:
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in sifted.header.columns)
    line_end = "\\r\\n" if sifted.line_end == b"\r\n" else "\\n"
    # Room for longer lines is memory for every file, and only a copy may hold lines beyond the reader's own limit.
    longest = f"max_line_size = {_MAX_SPELLED_BYTES}, " if sifted.is_copy else ""
    return (
        f"read_csv({path_list([sifted.path])}, auto_detect = false, header = true, columns = {{{types}}}, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', new_line = {quoted(line_end)}, "
        f"{longest}rejects_line_size_limit = {_MAX_SPELLED_BYTES}, "
        "hive_partitioning = false, store_rejects = true, rejects_limit = 0, "
        f"rejects_table = {quoted(f'{view}_errors')}, rejects_scan = {quoted(f'{view}_scan')})"
    )


def collect_rejected(engine: DuckDBEngine, raw: Raw, n_rows: Mapping[str, int]) -> tuple[FileCount, ...]:
    """Make `<name>_rejected` of what was no row when every column of a source was read, and account for every line.

    Parameters
    ----------
    engine : DuckDBEngine
        Holds the source.
    raw : Raw
        The source.
    n_rows : dict of str to int
        Rows that were read, by file.

    Returns
    -------
    tuple of FileCount
        Lines by what became of them, by file.

    Raises
    ------
    InputError
        The reader gave fewer rows of a file, or more, than were counted apart from it.
    """
    engine.create_table(
        f"{raw.name}_rejected",
        "select '' as _file, cast(0 as bigint) as _row, '' as reason, '' as raw where 1 = 0",
    )
    return tuple(_account(engine, raw, file, part, n_rows[file]) for file, part in raw.parts.items())


def _account(engine: DuckDBEngine, raw: Raw, file: str, part: Part, n_rows: int) -> FileCount:
    sifted, n_unreadable = part.sifted, 0
    if sifted is not None:
        n_unreadable = int(engine.rows(f"select count(distinct line) from {part.view}_errors")[0][0])
        if n_unreadable:
            _insert_unreadable(engine, raw, file, part.view, sifted)
    kept_apart = sifted or part.flattened
    if kept_apart is not None and kept_apart.damaged is not None:
        engine.execute(
            f"insert into {raw.name}_rejected select {quoted(file)}, line, 'malformed line: ' || reason, raw "
            f"from read_parquet({path_list([kept_apart.damaged])})"
        )
    if n_rows + n_unreadable != part.n_claimed:
        got = f"{part.n_claimed:,} rows in it, {n_rows:,} read and {n_unreadable:,} unreadable"
        raise InputError.of("file", plain_line(f"'{file}'"), got, "export it again, every text within quotes")
    if sifted is None:
        return FileCount(file, raw.source, n_rows, part.flattened.n_damaged if part.flattened else 0)
    return FileCount(
        file,
        raw.source,
        n_rows,
        n_malformed=n_unreadable + sifted.n_damaged,
        n_lines=sifted.n_lines,
        n_header_lines=sifted.header.n_lines,
        n_further_lines=sifted.n_further,
        n_blank_lines=sifted.n_blank,
    )


def _insert_unreadable(engine: DuckDBEngine, raw: Raw, file: str, view: str, sifted: Sifted) -> None:
    """Take over what the reader itself could not take, by the line of the file: cells too many here, too few there."""
    import pandas as pd

    moves = pd.DataFrame({"record": sifted.moved_records, "move": sifted.moves}, dtype="int64")
    engine.register(f"{view}_moves", moves)
    # The reader calls "line" the number of a record, the header counted as one.
    told = "line - 1 as record, min(error_message) as reason, min(csv_line) as raw"
    errors = f"select {told} from {view}_errors group by line"
    engine.execute(
        f"insert into {raw.name}_rejected select {quoted(file)}, e.record + m.move, "
        f"'malformed line: ' || split_part(e.reason, chr(10), 1), {shortened_sql('e.raw')} "
        f"from ({errors}) e asof join {view}_moves m on e.record >= m.record"
    )
    engine.drop(f"{view}_moves")


def _text(name: str, *, is_there: bool) -> str:
    return f"cast({_quote(name) if is_there else 'null'} as varchar) as {_quote(name)}"


def _quote(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
