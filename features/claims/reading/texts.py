"""The texts of a source as views of an engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from features.claims.contract import TABLES
from features.claims.reading.cut import cut
from features.claims.reading.decode import decode
from features.claims.reading.encodings import refuse_misread
from features.claims.reading.fhir import Flattened, flatten_file
from features.claims.reading.keys import keyed, quote, refuse_unlike
from features.claims.reading.limits import MAX_RECORD_BYTES
from features.claims.reading.parquet import parquet_reader
from features.claims.reading.reading import reading
from features.claims.reading.sift import sift
from features.claims.reading.tables import TableFile, tables_of
from features.claims.reading.workbook import SheetTable, sheet_table
from features.engine import path_list, quoted
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from features.claims.reading.found import Found
    from features.claims.reading.sifted import Sifted
    from features.engine import DuckDBEngine

# The copy of a record may be spelled with twice its quotes.
_MAX_SPELLED_BYTES = 4 * MAX_RECORD_BYTES
_RESERVED = ("", "_file", "_row")


@dataclass(frozen=True)
class Part:
    """One file of a source.

    Parameters
    ----------
    view : str
        Name of its texts in the engine.
    n_claimed : int
        Rows that it has, counted apart from the reader or, of Parquet, by its index.
    counted : Sifted, SheetTable or Flattened, optional
        Lines of a CSV file, rows of a sheet, or what FHIR resources were laid out as; None for Parquet.
    """

    view: str
    n_claimed: int
    counted: Sifted | SheetTable | Flattened | None = None


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
    readers: dict[str, _Reader] = {}
    for number, table in enumerate(tables_of(found, found.folder or folder, staging / name)):
        view = f"{name}_file_{number}"
        parts[table.name], reader = _opened(engine, found, table, staging, view)
        readers[table.name] = reader
    _refuse_shapes({table: reader for table, reader in readers.items() if reader.archive})
    spellings: dict[str, str] = {}
    for each in readers.values():
        for column in (*each.columns, *each.keys):
            spellings.setdefault(column.lower(), column)
    lacking = frozenset(column for column in found.form.may_lack if column.lower() not in spellings)
    columns = (*spellings.values(), *sorted(lacking))
    make = engine.create_table if keep else engine.create_view
    for file, each in readers.items():
        with reading(engine, file):
            make(parts[file].view, each.query(file, columns))
    engine.create_view(name, " union all ".join(f"select * from {part.view}" for part in parts.values()))
    return Raw(found.name, name, columns, parts, keep, lacking)


@dataclass(frozen=True)
class _Reader:
    """SQL of the rows of one table, of the number of a row, and its columns; beside it what its folders say."""

    rows: str
    number: str
    columns: tuple[str, ...]
    keys: Mapping[str, str | None]
    archive: str

    def query(self, file: str, columns: Iterable[str]) -> str:
        """Return SQL of the texts of all columns of a source, with the place of a row."""
        there = {column.lower() for column in self.columns}
        keys = {key.lower(): value for key, value in self.keys.items()}
        texts = []
        for column in columns:
            text = quote(column) if column.lower() in there else "null"
            if column.lower() in keys:
                text = keyed(text, keys[column.lower()])
            texts.append(f"cast({text} as varchar) as {quote(column)}")
        return f"select {quoted(file)} as _file, {self.number} as _row, {', '.join(texts)} from {self.rows}"


def _opened(engine: DuckDBEngine, found: Found, table: TableFile, staging: Path, view: str) -> tuple[Part, _Reader]:
    file = table.name
    counted: Sifted | SheetTable | Flattened | None = None
    if found.form.format == "fhir":
        counted = flatten_file(table.path, file, found.form.part or "", staging)
        rows, columns, n_claimed = parquet_reader(engine, counted.path, file)
        number = "file_row_number + 1"
    elif table.kind == "text":
        counted = _sifted(found, table.path, staging / view, file)
        columns = counted.header.columns
        rows, number = _csv_reader(counted, view), "row_number() over ()"
        n_claimed = counted.n_records
    else:
        path = table.path
        if table.kind == "workbook":
            counted = sheet_table(path, staging / view, found.form, None if found.patterns else found.name, file)
            path = counted.path
        rows, columns, n_claimed = parquet_reader(engine, path, file)
        number = "file_row_number + 1"
    keys = {key: value for key, value in table.keys.items() if key.lower() not in _RESERVED}
    both = [key for key in keys if key.lower() in {column.lower() for column in columns}]
    if not found.patterns and found.name in TABLES:  # what the contract does not know is not looked at
        both = [key for key in both if key in TABLES[found.name].by_name]
    with reading(engine, file):
        refuse_unlike(engine, rows, {key: keys[key] for key in both}, file)
    return Part(view, n_claimed, counted), _Reader(rows, number, columns, keys, table.archive)


def _refuse_shapes(readers: Mapping[str, _Reader]) -> None:
    """Refuse an archive that was named as a whole and holds tables of different columns."""
    first: dict[str, tuple[str, set[str]]] = {}
    for file, reader in readers.items():
        columns = {column.lower() for column in reader.columns}
        other, known = first.setdefault(reader.archive, (file, columns))
        if columns != known:
            inside = [each.removeprefix(f"{reader.archive}/") for each in (other, file)]
            got = f"tables of different columns inside: '{inside[0]}' and '{inside[1]}'"
            hint = f'name one in the mapping: files = ["{plain_line(f"{reader.archive}/{inside[0]}")}"]'
            raise InputError.of("file", plain_line(f"'{reader.archive}'"), got, hint)


def _sifted(found: Found, path: Path, staging: Path, file: str) -> Sifted:
    where, form = plain_line(f"'{file}'"), found.form
    plain, encoding = decode(path, staging.with_name(f"{staging.name}_utf8.csv"), form.encoding, where)
    shorter = cut(plain, staging.with_name(f"{staging.name}_cut.csv"), form.skip_rows, form.skip_last, where)
    try:
        sifted = sift(shorter.path, staging, form, file, shorter)
    except InputError:
        # That it is in another encoding says more than what its header looks like.
        refuse_misread(path, encoding, where, is_stated=False)
        raise
    if sifted.n_no_text:
        refuse_misread(path, encoding, where, is_stated=form.encoding is not None)
    sifted.encoding = encoding
    return sifted


def _csv_reader(sifted: Sifted, view: str) -> str:
    types = ", ".join(f"{quoted(column)}: 'VARCHAR'" for column in sifted.header.columns)
    delimiter = sifted.header.delimiter.decode()
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
