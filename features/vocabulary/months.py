"""Claims months as `YYYY-MM`: what is one, how far apart two lie, and which of them a window holds."""

from __future__ import annotations

import calendar
import re
from datetime import date
from typing import TYPE_CHECKING

from features.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

# A calendar has no year 0, and digits are those of ASCII.
MONTH_PATTERN = re.compile(r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])")


def check_month(month: str) -> str:
    """Return the month, or refuse it with the way out.

    Examples
    --------
    >>> check_month("2026-03")
    '2026-03'
    >>> check_month("../2026")
    Traceback (most recent call last):
    ...
    features.errors.InputError: month '../2026': not a month. Hint: write it as YYYY-MM, such as 2026-03
    """
    if not MONTH_PATTERN.fullmatch(month):
        raise InputError(f"month {month!r}: not a month. Hint: write it as YYYY-MM, such as 2026-03")
    return month


def months_between(earlier: str, later: str) -> int:
    """Return how many calendar months one `YYYY-MM` lies before another.

    Examples
    --------
    >>> months_between("2025-11", "2026-01")
    2
    """
    return (int(later[:4]) - int(earlier[:4])) * 12 + int(later[5:]) - int(earlier[5:])


def month_before(month: str) -> str:
    """Return the calendar month before.

    Examples
    --------
    >>> month_before("2026-01")
    '2025-12'
    """
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1:04d}-12" if number == 1 else f"{year:04d}-{number - 1:02d}"


def last_day(month: str) -> date:
    """Return the last day of a month.

    Examples
    --------
    >>> last_day("2024-02")
    datetime.date(2024, 2, 29)
    """
    year, number = int(month[:4]), int(month[5:])
    return date(year, number, calendar.monthrange(year, number)[1])


def window(known: Iterable[str], month: str, n_months: int) -> tuple[str, ...]:
    """Return the months of a store in the window of calendar months that ends with a month.

    Parameters
    ----------
    known : iterable of str
        Months of the store.
    month : str
        `YYYY-MM`, the last of the window.
    n_months : int
        Length of the window, the month included; months that the store lacks are not made up for by earlier ones.

    Returns
    -------
    tuple of str
        Ascending.

    Raises
    ------
    InputError
        The month is none, or the store does not hold it.

    Examples
    --------
    >>> window(["2025-12", "2026-01", "2026-03"], "2026-03", 3)
    ('2026-01', '2026-03')
    >>> window(["2026-01"], "2026-02", 6)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    features.errors.InputError: month '2026-02' of the claims store: not in the store; it holds 2026-01. Hint: ...
    """
    held = sorted(known)
    if check_month(month) not in held:
        got = f"not in the store; it holds {', '.join(held) or 'no months'}"
        raise InputError.of(f"month '{month}'", "of the claims store", got, "ingest it, or name a month it holds")
    return tuple(each for each in held if 0 <= months_between(each, month) < n_months)
