"""Numbers of the city as Arrow columns of the contract: decimals, days, times, codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt


def decimals(
    units: npt.NDArray[np.int64], precision: int, scale: int, null: npt.NDArray[np.bool_] | None = None
) -> pa.Array:
    """Write integers as decimals of that many places: 1234 at scale 2 is 12.34."""
    words = np.empty((len(units), 2), np.int64)
    words[:, 0] = units
    words[:, 1] = units >> 63  # the sign, as Arrow keeps 128 bits
    array = pa.Array.from_buffers(pa.decimal128(precision, scale), len(units), [None, pa.py_buffer(words.tobytes())])
    return array if null is None else pc.if_else(pa.array(~null), array, pa.scalar(None, array.type))


def money(cents: npt.NDArray[np.int64]) -> pa.Array:
    """Write cents as currency with two decimals."""
    return decimals(cents, 16, 2)


def times(seconds: npt.NDArray[np.int64], epoch: int, null: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Write seconds since the city's first midnight as local timestamps."""
    return pa.array(seconds + epoch, pa.int64(), mask=null).cast(pa.timestamp("s")).cast(pa.timestamp("us"))


def days(day: npt.NDArray[np.int64], epoch: int, null: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    """Write days since the city's first day as dates."""
    return pa.array(day + epoch // 86_400, pa.int64(), mask=null).cast(pa.int32()).cast(pa.date32())


def codes(names: pa.Array | Sequence[str], place: npt.NDArray[np.int64]) -> pa.Array:
    """Look names up by place; negative places are null."""
    values = names if isinstance(names, pa.Array) else pa.array(list(names), pa.string())
    return values.take(pa.array(np.where(place < 0, 0, place), mask=place < 0))


def integers(values: npt.NDArray[np.int64]) -> pa.Array:
    """Write whole numbers; negative ones are null."""
    return pa.array(values, pa.int64(), mask=values < 0)
