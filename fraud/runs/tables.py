"""The tables of a scored month: their columns as data, one way to write them, one way to read them."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from features.errors import InputError, ToolkitError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

MONEY = "decimal(18;2)"
ARROW_TYPES: Mapping[str, pa.DataType] = {
    "string": pa.string(),
    "integer": pa.int64(),
    "float": pa.float64(),
    "boolean": pa.bool_(),
    "date": pa.date32(),
    "list(string)": pa.list_(pa.string()),
    MONEY: pa.decimal128(18, 2),
}
# Minor units beyond this do not fit decimal(18;2).
_LARGEST_MONEY = 10**18 - 1
_KEY = re.compile(r"Key( part \d+)?\b")
# Columns that a table may come without, unknown there: months were scored before they came, and not every detector
# gives them.
_OPTIONAL = {"findings": ("q_value",), "provider_scores": ("list", "list_place")}
# Tables that outputs.csv describes in the words of another one: (name, like, key column).
_ALIKE = (
    ("patient_scores", "provider_scores", "person_id"),
    ("practitioner_scores", "provider_scores", "practitioner_id"),
    ("patient_profiles", "provider_profiles", "person_id"),
    ("practitioner_profiles", "provider_profiles", "practitioner_id"),
)


@dataclass(frozen=True)
class Column:
    """One column of an output table, as outputs.csv has it."""

    name: str
    type: str
    description: str

    @property
    def is_key(self) -> bool:
        """Whether the column is (part of) the key, by which rows are sorted."""
        return bool(_KEY.match(self.description))


@dataclass(frozen=True)
class Table:
    """One output table: named columns in their order; further columns may follow them."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns that every such table has."""
        return tuple(column.name for column in self.columns)

    @property
    def key(self) -> tuple[str, ...]:
        """Columns that tell rows apart, and sort them."""
        return tuple(column.name for column in self.columns if column.is_key)


@cache
def output_tables() -> Mapping[str, Table]:
    """All output tables by name, read from `fraud/runs/outputs.csv`."""
    columns: dict[str, list[Column]] = {}
    text = files("fraud.runs").joinpath("outputs.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(io.StringIO(text)):
        column = Column(row["column"], row["type"], row["description"])
        columns.setdefault(row["table"], []).append(column)
    for name, like, key in _ALIKE:
        columns[name] = [Column(key, "string", "Key"), *columns[like][1:]]
    return {name: Table(name, tuple(listed)) for name, listed in columns.items()}


def output_table(name: str) -> Table:
    """Return one output table, or refuse a name that is none."""
    tables = output_tables()
    if name not in tables:
        raise InputError.unknown_name("output table", "in fraud/runs/outputs.csv", name, tables)
    return tables[name]


def optional_columns(table: str) -> tuple[str, ...]:
    """Return the columns that a table may come without; a table described in the words of another may as that one.

    Examples
    --------
    >>> optional_columns("findings"), optional_columns("patient_scores")
    (('q_value',), ('list', 'list_place'))
    """
    like = {name: like for name, like, _ in _ALIKE}
    return _OPTIONAL.get(like.get(table, table), ())


def write_output(frame: pd.DataFrame, table: str, path: Path) -> Path:
    """Write one output table as Parquet; equal frames give equal bytes.

    Parameters
    ----------
    frame : DataFrame
        The named columns in any order, and further ones, which follow the named in their order. Money in
        int64 (or Int64) minor units. The index is not written.
    table : str
        Name of the table in outputs.csv.
    path : Path
        File to write, or the folder in which to write `<table>.parquet`.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ToolkitError
        A named column is missing, a value is not of its type, or two rows have one key.
    """
    described = output_table(table)
    missing = [name for name in described.names if name not in frame.columns]
    if missing:
        raise ToolkitError(f"output {table}: columns {', '.join(missing)} are missing. Hint: outputs.csv names them")
    further = [str(name) for name in frame.columns if name not in described.names]
    key = list(described.key)
    if key:
        repeated = frame.duplicated(subset=key)
        if repeated.any():
            raise ToolkitError(f"output {table}: {int(repeated.sum())} rows repeat a key of {', '.join(key)}")
    order = _order(frame, key)
    # Column by column: a sorted copy of the profiles of a province would weigh as much as they do.
    arrays = [
        _to_arrow(frame[column.name].iloc[order], column.type, f"{table}.{column.name}") for column in described.columns
    ]
    arrays += [pa.array(frame[name].iloc[order], from_pandas=True) for name in further]
    whole = pa.Table.from_arrays(arrays, names=[*described.names, *further])
    file = path / f"{table}.parquet" if path.is_dir() else path
    # The Arrow schema in the footer would repeat what Parquet's own types say.
    pq.write_table(whole, file, compression="zstd", compression_level=3, store_schema=False)
    return file


def read_output(path: Path, table: str) -> pd.DataFrame:
    """Read one output table back; money in minor units.

    Parameters
    ----------
    path : Path
        The file, or the folder (a scored month) that holds `<table>.parquet`.
    table : str
        Name of the table in outputs.csv.

    Returns
    -------
    DataFrame
        Integers and money as int64, or Int64 where some are null; dates as datetime64; lists as lists.

    Raises
    ------
    InputError
        No such file, not Parquet, or not the table of that name.
    """
    described = output_table(table)
    file = path / f"{table}.parquet" if path.is_dir() else path
    if not file.is_file():
        raise InputError.of(f"output {table}", f"at {file}", "no such file", "score the month again")
    try:
        whole = pq.read_table(file)
    except (pa.ArrowException, OSError) as error:
        raise InputError.of(f"output {table}", f"at {file}", "not readable Parquet", "score the month again") from error
    for column in described.columns:
        if column.name in optional_columns(table) and column.name not in whole.column_names:
            whole = whole.append_column(column.name, pa.nulls(len(whole), ARROW_TYPES[column.type]))
    missing = [name for name in described.names if name not in whole.column_names]
    if missing:
        got = f"columns {', '.join(missing)} are missing"
        raise InputError.of(f"output {table}", f"at {file}", got, "score the month again")
    further = [name for name in whole.column_names if name not in described.names]
    return pd.DataFrame({name: _to_pandas(whole.column(name)) for name in [*described.names, *further]})


def _order(frame: pd.DataFrame, key: Sequence[str]) -> np.ndarray | slice:
    """Return the places of the rows in order of their key; all of them as they are where they are in order."""
    if not key:
        return slice(None)
    keys = frame[list(key)].set_axis(range(len(frame)), axis=0)
    places: np.ndarray = keys.sort_values(list(key), kind="stable", na_position="first").index.to_numpy()
    return slice(None) if (places[1:] > places[:-1]).all() else places


def _to_arrow(values: pd.Series, wanted: str, where: str) -> pa.Array:
    if wanted == MONEY:
        return _money_to_arrow(values, where)
    if wanted == "integer" and pd.api.types.is_float_dtype(values.dtype):
        # A missing rank turns pandas integers into floats; whole numbers are taken back.
        values = values.astype("Int64")
    if wanted == "date":
        values = pd.Series(pd.to_datetime(values)).dt.date
    if wanted == "list(string)":
        values = pd.Series([list(value) if value is not None else [] for value in values], dtype=object)
    try:
        return pa.array(values, type=ARROW_TYPES[wanted], from_pandas=True)
    except (pa.ArrowException, TypeError, ValueError) as error:
        raise ToolkitError(f"output {where}: values are not of type {wanted} ({type(error).__name__})") from error


def _money_to_arrow(values: pd.Series, where: str) -> pa.Array:
    """Lay integers of minor units out as 128-bit decimals: the low word and the sign's extension."""
    empty = len(values) == 0
    if not (empty or pd.api.types.is_integer_dtype(values.dtype)):
        raise ToolkitError(f"output {where}: money must be integers in minor units, got {values.dtype}")
    known = values.notna().to_numpy(dtype=bool)
    low = values.astype("Int64").fillna(0).to_numpy(dtype=np.int64)
    if np.any(np.abs(low) > _LARGEST_MONEY):
        raise ToolkitError(f"output {where}: an amount is beyond decimal(18;2)")
    words = np.stack([low, low >> 63], axis=1).astype("<i8")
    mask = None if known.all() else pa.py_buffer(np.packbits(known, bitorder="little").tobytes())
    return pa.Array.from_buffers(ARROW_TYPES[MONEY], len(low), [mask, pa.py_buffer(words.tobytes())])


def _to_pandas(column: pa.ChunkedArray) -> pd.Series:
    array = column.combine_chunks()
    if isinstance(array, pa.ChunkedArray):
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], type=array.type)
    if pa.types.is_decimal(array.type):
        return _integers(_minor_units(array), array)
    if pa.types.is_integer(array.type):
        return _integers(array.fill_null(0).to_numpy(zero_copy_only=False), array)
    if pa.types.is_list(array.type):
        return pd.Series(array.to_pylist(), dtype=object)
    return array.to_pandas(date_as_object=False)


def _minor_units(array: pa.Array) -> np.ndarray:
    if len(array) == 0:
        return np.empty(0, dtype=np.int64)
    words = np.frombuffer(array.buffers()[1], dtype="<i8").reshape(-1, 2)
    low: np.ndarray = words[array.offset : array.offset + len(array), 0].copy()
    return low


def _integers(low: np.ndarray, array: pa.Array) -> pd.Series:
    if array.null_count == 0:
        return pd.Series(low, dtype="int64")
    known = np.asarray(array.is_valid())
    return pd.Series(pd.arrays.IntegerArray(low.astype(np.int64), ~known))
