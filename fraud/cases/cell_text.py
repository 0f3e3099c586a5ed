"""One cell of a returned file as text, under the contract's words; what has no plain meaning there is refused."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from fraud.cases.sheet_words import WORDS, code_of

# A day with or without the midnight that spreadsheets write after it.
_LONE_DATE = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]+0?0:00(?::00(?:\.0+)?)?)?")
_SERIAL = re.compile(r"\d{1,7}(?:\.\d+)?")
# Thousands in groups of three, with a point before the cents: the one way that is written in both languages.
_GROUPED = re.compile(r"-?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?")
_CURRENCY = re.compile(r"^(-?)\s*(?:¥|CNY|RMB|人民币)?\s*(.*?)\s*(?:元整?|圆整?|CNY|RMB)?$", re.IGNORECASE)
# A cell holds fifteen digits of a number; the further ones of an identifier were lost in it.
_MOST_DIGITS = 15
# The calendar of 1900 has a 29 February of that year: numbers before its March name other days than they seem to.
_FIRST_SURE_SERIAL, _LAST_SERIAL = 61, 2_958_465
EPOCH_1900, EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


@dataclass(frozen=True)
class BadCell:
    """A cell whose value is not known: a formula that was never calculated, or an error; and why."""

    why: str


def text_of(column: str, cell: Any, epoch: date | None = None) -> str:
    """Return the text of a cell, empty where it is empty.

    Parameters
    ----------
    column : str
        Its name in the contract, from which follows what it may hold.
    cell : object
        As the reader of the file gives it.
    epoch : date, optional
        The day 0 of the file's serial dates; without it a number is no date.

    Raises
    ------
    ValueError
        The cell holds something that cannot be meant, such as a span of time where a date is due.

    Examples
    --------
    >>> text_of("confirmed_amount", 0.3), text_of("decided_date", "2026/7/4"), text_of("selection_probability", 5e-05)
    ('0.30', '2026-07-04', '0.00005')
    >>> text_of("confirmed_amount", "￥４，０００．５０元"), text_of("decided_date", "２０２６年4月3日")
    ('4000.50', '2026-04-03')
    >>> text_of("decided_date", 46115, EPOCH_1900), text_of("decided_date", "46115", EPOCH_1904)
    ('2026-04-03', '2030-04-04')
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
        return _written(column, cell.strip(), epoch)
    return _day(column, cell) if isinstance(cell, date) else _number(column, cell, epoch)


def _cannot_be_meant(cell: Any) -> str:
    """Say why a cell is neither text nor number nor date; empty where it is one."""
    if isinstance(cell, BadCell):
        return cell.why
    if isinstance(cell, bool):
        return "true or false, not a text"
    if isinstance(cell, time | timedelta):
        return "a time of day or a span of time"
    return "" if cell is None or isinstance(cell, str | int | float | date) else "a list or object, not a text"


def _written(column: str, text: str, epoch: date | None) -> str:
    """Read a text; full-width digits and signs are read as their plain twins where no prose or id is due."""
    if column.endswith("_date"):
        return _written_day(unicodedata.normalize("NFKC", text).strip(), epoch)
    if column.endswith("_amount"):
        return _written_amount(unicodedata.normalize("NFKC", text).strip())
    return code_of(column, text) if column in WORDS else text


def _written_day(text: str, epoch: date | None) -> str:
    if found := _LONE_DATE.fullmatch(text):
        year, month, day = found.groups()
        return f"{year}-{int(month):02}-{int(day):02}"
    return _serial_day(float(text), epoch) if _SERIAL.fullmatch(text) else text


def _serial_day(serial: float, epoch: date | None) -> str:
    first = _FIRST_SURE_SERIAL if epoch == EPOCH_1900 else 0
    if epoch is None or not first <= serial <= _LAST_SERIAL:
        raise ValueError("a number, not a date; write it as YYYY-MM-DD")
    try:
        return (epoch + timedelta(days=int(serial))).isoformat()
    except OverflowError as error:
        raise ValueError("a number, not a date; write it as YYYY-MM-DD") from error


def _written_amount(text: str) -> str:
    """Take currency signs and separators of thousands away; what may mean two amounts stays, and is no number."""
    found = _CURRENCY.match(text)
    bare = f"{found[1]}{found[2]}" if found else text
    if _GROUPED.fullmatch(bare):
        return bare.replace(",", "")
    return bare if _PLAIN.fullmatch(bare) else text


def _day(column: str, value: date) -> str:
    if column.endswith("_date"):
        return (value.date() if isinstance(value, datetime) else value).isoformat()
    if column == "note":
        return value.isoformat()
    raise ValueError("a date")


def _number(column: str, value: float, epoch: date | None) -> str:
    """Write a number without exponent; money to the cent only where nothing but binary dust is lost."""
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("not a finite number")
    if column.endswith("_date"):
        return _serial_day(value, epoch)
    if column.endswith("_id") and abs(value) >= 10**_MOST_DIGITS:
        raise ValueError(
            f"a number of more than {_MOST_DIGITS} digits, of which a cell keeps no more; write it as text"
        )
    if isinstance(value, int):
        return str(value)
    if column.endswith("_amount") and abs(value - round(value, 2)) < 1e-6:
        return f"{round(value, 2):.2f}"
    return str(int(value)) if value.is_integer() else format(Decimal(repr(value)), "f")
