"""Parquet files: flipped, cut, and columns of types that are no plain text, number or local time."""

from __future__ import annotations

import datetime as dt
import decimal
import functools
import random
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from tests.hard.corruptions.damage import Damage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_TIME = dt.datetime(2026, 3, 10, 0, 30)  # noqa: DTZ001 - local time, as the contract has it


def damaged_parquet(n: int) -> Iterator[Damage]:
    """Yield `n` drawn damages of bytes, then columns of every odd type."""
    for number in range(n):
        yield Damage(f"parquet: {number} flipped", functools.partial(_bytes, _flip, f"flip {number}"))
        yield Damage(f"parquet: {number} cut", functools.partial(_bytes, _cut, f"cut {number}"))
    for column, arrays in _COLUMNS.items():
        for name, make in arrays.items():
            yield Damage(f"parquet: {column} as {name}", functools.partial(_column, column, make))
    yield Damage("parquet: no rows", functools.partial(_table, lambda t: t.slice(0, 0)))
    yield Damage("parquet: a column twice", functools.partial(_table, lambda t: t.append_column("amount", t["amount"])))
    yield Damage("parquet: a name of SQL", functools.partial(_table, lambda t: t.append_column('"; drop', t["amount"])))
    yield Damage("parquet: no columns", functools.partial(_table, lambda t: t.select([])))


def _as_parquet(folder: Path) -> pa.Table:
    path = folder / "claim_lines.csv"
    names = path.read_text("utf-8").partition("\n")[0].split(",")
    options = pyarrow.csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
    table = pyarrow.csv.read_csv(path, convert_options=options)
    path.unlink()
    return table


def _table(change: Callable[[pa.Table], pa.Table], folder: Path) -> None:
    pq.write_table(change(_as_parquet(folder)), folder / "claim_lines.parquet")


def _column(column: str, make: Callable[[int], Any], folder: Path) -> None:
    table = _as_parquet(folder)
    made = make(table.num_rows)
    pq.write_table(table.set_column(table.column_names.index(column), column, made), folder / "claim_lines.parquet")


def _bytes(change: Callable[[bytes, random.Random], bytes], name: str, folder: Path) -> None:
    path = folder / "claim_lines.parquet"
    pq.write_table(_as_parquet(folder), path)
    path.write_bytes(change(path.read_bytes(), random.Random(name)))


def _flip(content: bytes, draw: random.Random) -> bytes:
    changed = bytearray(content)
    changed[draw.randrange(len(changed))] ^= 1 << draw.randrange(8)
    return bytes(changed)


def _cut(content: bytes, draw: random.Random) -> bytes:
    return content[: draw.randrange(len(content))]


def _filled(value: Any, kind: pa.DataType) -> Callable[[int], pa.Array]:
    return lambda n: pa.array([value] * n, type=kind)


_ZONED = _TIME.replace(tzinfo=dt.timezone(dt.timedelta(hours=8)))
_COLUMNS: dict[str, dict[str, Callable[[int], Any]]] = {
    "amount": {
        "decimal(38,10), too precise": _filled(decimal.Decimal("10.0000000001"), pa.decimal128(38, 10)),
        "decimal(38,10)": _filled(decimal.Decimal("10.5"), pa.decimal128(38, 10)),
        "decimal256": _filled(decimal.Decimal("10.5"), pa.decimal256(60, 4)),
        "double": _filled(20.1, pa.float64()),
        "float": _filled(20.1, pa.float32()),
        "tiny double": _filled(1e-7, pa.float64()),
        "huge double": _filled(1.5e16, pa.float64()),
        "NaN": _filled(float("nan"), pa.float64()),
        "infinity": _filled(float("inf"), pa.float64()),
        "integer": _filled(20, pa.int64()),
        "unsigned": _filled(2**64 - 1, pa.uint64()),
        "boolean": _filled(True, pa.bool_()),
        "binary": _filled(b"20.00", pa.binary()),
        "list": _filled(["20.00"], pa.list_(pa.string())),
        "struct": _filled({"a": 1}, pa.struct([("a", pa.int64())])),
        "dictionary": lambda n: pa.array(["20.00"] * n).dictionary_encode(),
        "date": _filled(_TIME.date(), pa.date32()),
        "null": pa.nulls,
    },
    "fee_time": {
        "local time": _filled(_TIME, pa.timestamp("us")),
        "zoned time": _filled(_ZONED, pa.timestamp("us", tz="Asia/Shanghai")),
        "UTC": _filled(_ZONED, pa.timestamp("us", tz="UTC")),
        "nanoseconds": lambda n: pa.array([1_773_000_000_000_000_001] * n, type=pa.timestamp("ns")),
        "seconds": _filled(_TIME, pa.timestamp("s")),
        "date": _filled(_TIME.date(), pa.date32()),
        "time of day": _filled(_TIME.time(), pa.time64("us")),
        "duration": _filled(dt.timedelta(days=3), pa.duration("us")),
        "integer": _filled(1_773_000_000, pa.int64()),
        "far year": lambda n: pa.array([2**62] * n, type=pa.timestamp("us")),
    },
    "line_number": {
        "double": lambda n: pa.array([float(k % 3 + 1) for k in range(n)]),
        "half": _filled(1.5, pa.float64()),
        "large": _filled(2**62, pa.int64()),
    },
}
