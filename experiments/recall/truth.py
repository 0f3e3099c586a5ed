"""Read the truth folder of an invented city, refusing what is not one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from features.errors import InputError
from features.outside import parse_json, read_text
from features.vocabulary.months import MONTH_PATTERN

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SIZES = ("small", "medium", "large")
SUBJECT_TYPES = ("provider", "patient", "practitioner", "ring")
_MEMBER_TYPES = ("hospital", "clinic", "pharmacy", "practitioner", "patient")
_CITY_BYTES = 262_144
# Tables of the largest city are a tenth of it.
_MOST_BYTES = 1_000_000_000
_HINT = "give the folder that `fraud synth` made"

# Table to column to kind of value: text that must be there, a month, one of a closed list, a number or null, money.
_TABLES: Mapping[str, Mapping[str, str | tuple[str, ...]]] = {
    "truth_providers": {
        "provider_id": "text",
        "scheme_code": "text",
        "first_month": "month",
        "last_month": "month",
        "size": SIZES,
    },
    "truth_patients": {"person_id": "text", "scheme_code": "text", "first_month": "month"},
    "truth_practitioners": {"practitioner_id": "text", "scheme_code": "text"},
    "truth_lines": {
        "settlement_id": "text",
        "line_number": "integer",
        "scheme_code": "text",
        "exposure_amount": "money",
    },
    "truth_rings": {"ring_id": "text", "member_type": _MEMBER_TYPES, "member_id": "text"},
    "truth_twins": {"subject_type": SUBJECT_TYPES, "subject_id": "text", "twin_of": "text", "note": "text"},
    "truth_slips": {"settlement_id": "text", "line_number": "integer", "kind": "text", "note": "text"},
}
# Folders of earlier cities lack it: those held no bill that is wrong by accident.
_OPTIONAL = "truth_slips"


@dataclass(frozen=True)
class Truth:
    """What was planted, as in `truth.csv`; money in int64 minor units.

    Parameters
    ----------
    providers, patients, practitioners : DataFrame
        One row per guilty subject, scheme and instance.
    lines : DataFrame
        One row per guilty claim line and scheme, or whole settlement (`line_number` null).
    rings : DataFrame
        One row per ring and member.
    twins : DataFrame
        One row per innocent and scheme it resembles.
    slips : DataFrame
        One row per claim line, or whole settlement (`line_number` null), that is wrong by an honest slip.
    city : mapping
        `city.json` of the folder: how the city was asked for; empty when there is none.
    """

    providers: pd.DataFrame
    patients: pd.DataFrame
    practitioners: pd.DataFrame
    lines: pd.DataFrame
    rings: pd.DataFrame
    twins: pd.DataFrame
    slips: pd.DataFrame
    city: Mapping[str, Any]


def read_truth(folder: Path) -> Truth:
    """Read the truth tables, each as Parquet or CSV.

    Raises
    ------
    InputError
        A table or column is missing, or a value is not of its kind.
    """
    tables = {name.removeprefix("truth_"): _read(folder, name) for name in _TABLES}
    return Truth(**tables, city=_city(folder))


def _city(folder: Path) -> Mapping[str, Any]:
    path = folder / "city.json"
    if not path.is_file():
        return {}
    city = parse_json(read_text(path, "city.json", _HINT, _CITY_BYTES), "city.json", f"at {folder}: not JSON", _HINT)
    if not isinstance(city, dict):
        raise InputError.of("city.json", f"at {folder}", "not an object", _HINT)
    return city


def _read(folder: Path, name: str) -> pd.DataFrame:
    parquet, text = folder / f"{name}.parquet", folder / f"{name}.csv"
    if any(path.is_file() and path.stat().st_size > _MOST_BYTES for path in (parquet, text)):
        raise InputError.of(f"truth table {name}", f"at {folder}", f"larger than {_MOST_BYTES:,} bytes", _HINT)
    try:
        if parquet.is_file():
            whole = pq.read_table(parquet)
        elif text.is_file():
            columns = dict.fromkeys(_TABLES[name], pa.string())
            options = pacsv.ConvertOptions(
                column_types=columns, strings_can_be_null=True, quoted_strings_can_be_null=False
            )
            whole = pacsv.read_csv(text, convert_options=options)
        elif name == _OPTIONAL:
            whole = pa.table({column: pa.array([], pa.string()) for column in _TABLES[name]})
        else:
            raise InputError.of("truth", f"at {folder}", f"no {name}.parquet or .csv", _HINT)
    except (pa.ArrowException, OSError) as error:
        raise InputError.of(f"truth table {name}", f"at {folder}", "not readable", _HINT) from error
    twice = [column for column in _TABLES[name] if whole.column_names.count(column) > 1]
    if twice:
        got = f"columns {', '.join(twice)} are there twice"
        raise InputError.of(f"truth table {name}", f"at {folder}", got, _HINT)
    missing = [column for column in _TABLES[name] if column not in whole.column_names]
    if missing:
        got = f"columns {', '.join(missing)} are missing"
        raise InputError.of(f"truth table {name}", f"at {folder}", got, _HINT)
    return pd.DataFrame({column: _typed(whole, name, column, kind) for column, kind in _TABLES[name].items()})


def _typed(whole: pa.Table, table: str, column: str, kind: str | tuple[str, ...]) -> pd.Series:
    values, where = whole.column(column), f"truth column '{column}'"
    try:
        if kind == "integer":
            return pd.Series(pd.array(values.cast(pa.int64()).to_pylist(), dtype="Int64"))
        if kind == "money":
            cents = pc.multiply(values.cast(pa.decimal128(18, 2)), pa.scalar(Decimal(100)))
            return pd.Series(_whole(cents.cast(pa.int64()), table, where), dtype="int64")
        texts = _whole(values.cast(pa.string()), table, where)
    except pa.ArrowException as error:
        raise InputError.of(where, f"of {table}", f"values are not of type {kind}", _HINT) from error
    allowed = f"one of {', '.join(kind)}" if isinstance(kind, tuple) else "a month YYYY-MM"
    fits = MONTH_PATTERN.fullmatch if kind == "month" else (lambda text: text in kind)
    wrong = [text for text in texts if kind != "text" and not fits(text)]
    if wrong:
        raise InputError.of(where, f"of {table}", f"{len(wrong)} values are not {allowed}", _HINT)
    return pd.Series(texts, dtype=object)


def _whole(values: pa.ChunkedArray, table: str, where: str) -> list[Any]:
    if values.null_count:
        raise InputError.of(where, f"of {table}", f"{values.null_count} values are missing", _HINT)
    return list(values.to_pylist())
