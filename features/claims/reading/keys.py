"""Columns that the folders around a file say: beside its own, and never against them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.engine import quoted
from features.errors import InputError
from features.outside import plain_line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.engine import DuckDBEngine


def keyed(text: str, value: str | None) -> str:
    """Return SQL of a column: its own text, and what a folder says where that is empty.

    Parameters
    ----------
    text : str
        SQL of the column, `null` where the file has none.
    value : str, optional
        What the folder says.
    """
    said = "null" if value is None else quoted(value)
    return said if text == "null" else f"coalesce(nullif(trim({text}), ''), {said})"


def refuse_unlike(engine: DuckDBEngine, rows: str, keys: Mapping[str, str | None], file: str) -> None:
    """Refuse a file of which a row says something else than the folder that is named after its column.

    Parameters
    ----------
    engine : DuckDBEngine
        Reads the rows.
    rows : str
        SQL of them.
    keys : dict of str to str, optional
        What the folders say, of columns that the file has as well.
    file : str
        The file, for the error.

    Raises
    ------
    InputError
        One does. Whole numbers are compared as numbers, and a row without a text says nothing else.
    """
    for key, value in keys.items():
        said = "null" if value is None else quoted(value)
        text = f"nullif(trim(cast({quote(key)} as varchar)), '')"
        is_equal = f"{text} = {said} or try_cast({text} as bigint) = try_cast({said} as bigint)"
        unlike = int(
            engine.rows(f"select count(*) from {rows} where {text} is not null and ({is_equal}) is not true")[0][0]
        )
        if unlike:
            got = f"{unlike:,} of its rows say something else in column '{key}' than their folder '{key}={value}'"
            where = plain_line(f"'{file}'")
            raise InputError.of("file", where, plain_line(got)[:300], "put the file into the folder it belongs to")


def quote(name: str) -> str:
    """Return a name as SQL has it."""
    return '"' + name.replace('"', '""') + '"'
