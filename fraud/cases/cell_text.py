"""One cell of a returned file as text, under the contract's words; what has no plain meaning there is refused."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fraud.cases.sheet_words import WORDS, code_of

_LONE_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
# A cell holds fifteen digits of a number; the further ones of an identifier were lost in it.
_MOST_DIGITS = 15


@dataclass(frozen=True)
class BadCell:
    """A cell whose value is not known: a formula that was never calculated, or an error; and why."""

    why: str


def text_of(column: str, cell: Any) -> str:
    """Return the text of a cell, empty where it is empty.

    Parameters
    ----------
    column : str
        Its name in the contract, from which follows what it may hold.
    cell : object
        As the reader of the file gives it.

    Raises
    ------
    ValueError
        The cell holds something that cannot be meant, such as a span of time where a date is due.

    Examples
    --------
    >>> text_of("confirmed_amount", 0.3), text_of("decided_date", "2026/7/4"), text_of("selection_probability", 5e-05)
    ('0.30', '2026-07-04', '0.00005')
    >>> text_of("decided_date", 46122)
    Traceback (most recent call last):
    ...
    ValueError: a number, not a date; write it as YYYY-MM-DD
    """
    if why := _cannot_be_meant(cell):
        raise ValueError(why)
    if cell is None:
        return ""
    if isinstance(cell, str):
        return _written(column, cell.strip())
    return _day(column, cell) if isinstance(cell, date) else _number(column, cell)


def _cannot_be_meant(cell: Any) -> str:
    """Say why a cell is neither text nor number nor date; empty where it is one."""
    if isinstance(cell, BadCell):
        return cell.why
    if isinstance(cell, bool):
        return "true or false, not a text"
    if isinstance(cell, time | timedelta):
        return "a time of day or a span of time"
    return "" if cell is None or isinstance(cell, str | int | float | date) else "a list or object, not a text"


def _written(column: str, text: str) -> str:
    if column.endswith("_date") and (found := _LONE_DATE.fullmatch(text)):
        year, month, day = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return code_of(column, text) if column in WORDS else text


def _day(column: str, value: date) -> str:
    if column.endswith("_date"):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if column == "note":
        return value.isoformat()
    raise ValueError("a date")


def _number(column: str, value: float) -> str:
    """Write a number without exponent; money to the cent only where nothing but binary dust is lost."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a finite number")
    if column.endswith("_date"):
        raise ValueError("a number, not a date; write it as YYYY-MM-DD")
    if column.endswith("_id") and abs(value) >= 10**_MOST_DIGITS:
        raise ValueError(
            f"a number of more than {_MOST_DIGITS} digits, of which a cell keeps no more; write it as text"
        )
    if isinstance(value, int):
        return str(value)
    if column.endswith("_amount") and abs(value - round(value, 2)) < 1e-6:
        return f"{round(value, 2):.2f}"
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
