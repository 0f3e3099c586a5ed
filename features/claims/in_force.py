"""The version of a reference in force on a day: one piece of SQL for facts, window tables and rules alike.

A reference table (`ref_items`, `ref_prices` …) holds several versions under one key, each valid from a day, to a day,
or without end. Where versions overlap, the one that began last is in force.
"""

from __future__ import annotations

# Versions without a first or last day; any day of a claim lies between.
_EVER = "coalesce(valid_from_date, cast('0001-01-01' as date))"
_NEVER = "coalesce(valid_to_date, cast('9999-12-31' as date))"


def in_force(table: str, key: str, columns: str, condition: str = "1 = 1") -> str:
    """Return SQL with one row per version of a reference, and the days on which it is in force.

    Parameters
    ----------
    table : str
        The reference, with `valid_from_date` and `valid_to_date`.
    key : str
        Columns that name what the versions are of, such as `item_key`.
    columns : str
        Further columns or expressions to show.
    condition : str
        Over `key` and `columns`: which versions are wanted. A version that is not wanted still ends the one before.

    Returns
    -------
    str
        SELECT of key, columns, `from_date`, `to_date`, `next_date`; see `is_in_force`.
    """
    return f"""
      select * from (
        select {key}, {columns}, {_EVER} as from_date, {_NEVER} as to_date,
          lead({_EVER}) over (partition by {key} order by {_EVER}) as next_date
        from {table}
      ) v where {condition}
    """


def is_in_force(version: str, day: str) -> str:
    """Return the predicate that a version is in force on a day.

    Parameters
    ----------
    version : str
        Alias of a row of `in_force`.
    day : str
        SQL expression of a date.

    Examples
    --------
    >>> is_in_force("i", "l.day")
    'l.day >= i.from_date and l.day <= i.to_date and (i.next_date is null or l.day < i.next_date)'
    """
    return (
        f"{day} >= {version}.from_date and {day} <= {version}.to_date "
        f"and ({version}.next_date is null or {day} < {version}.next_date)"
    )
