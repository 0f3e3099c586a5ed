"""Numbers of rows within a key, as SQL: the same each time that the same source is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from features.claims.mapping.expressions import translate

if TYPE_CHECKING:
    from collections.abc import Collection

    from features.claims.mapping.steps import Number


def ranks(number: Number | None, raw: Collection[str], where: str) -> dict[str, str]:
    """Return SQL of what orders the rows, by the name that `numbered_sql` knows it under.

    Parameters
    ----------
    number : Number, optional
        The step.
    raw : collection of str
        Columns of the source.
    where : str
        Place in the mapping, for errors.
    """
    found = {}
    for place, text in enumerate(number.order_by if number else ()):
        part = translate(text, raw, f"{where} order_by")
        found[f"_rank_{place}"] = f"try({part.sql})"
    return found


def numbered_sql(number: Number, columns: Collection[str], rows: str) -> str:
    """Return SQL of rows with the column that numbers them, from 1 within each key.

    Parameters
    ----------
    number : Number
        The step.
    columns : collection of str
        Contract columns to give.
    rows : str
        Query of the rows: their place, `_n`, `_moved`, the columns and the ranks.
    """
    order = [f"_rank_{place} asc nulls last" for place in range(len(number.order_by))]
    order += ["_file", "_row", "_position"]
    within = f"partition by {', '.join(number.within)} order by {', '.join(order)}"
    counted = f"cast(row_number() over ({within}) as varchar)"
    cells = ", ".join(f"{counted} as {name}" if name == number.column else name for name in columns)
    return f"select _file, _row, _position, _n, _moved, {cells} from ({rows})"
