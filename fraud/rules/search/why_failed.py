"""Why a rule could not run: one line, without anything that a row holds."""

from __future__ import annotations

import duckdb

from features.engine import OutOfMemoryError
from features.errors import ToolkitError


def is_out_of_memory(error: Exception) -> bool:
    """Say whether more memory, or smaller pieces, would have helped."""
    return isinstance(error, MemoryError | OutOfMemoryError)


def why_failed(error: Exception) -> str:
    r"""Say in one line why a rule could not run.

    What the engine says of a statement names columns and types; what it says of a value may show the value.

    Examples
    --------
    >>> why_failed(duckdb.ConversionException("Conversion Error: invalid date 'A 17'"))
    'Conversion Error'
    >>> why_failed(duckdb.BinderException("Binder Error: no column x\nLINE 1: select x"))
    'Binder Error: no column x'
    >>> why_failed(OverflowError("998877665544332211"))
    'OverflowError'
    """
    if is_out_of_memory(error):
        return "needs more memory, or more room to spill, than [engine] gives"
    said = next(iter(str(error).splitlines()), "")
    if isinstance(error, duckdb.ProgrammingError | ToolkitError):
        return said
    if isinstance(error, duckdb.Error) and ":" in said:
        return said.partition(":")[0]
    return type(error).__name__
