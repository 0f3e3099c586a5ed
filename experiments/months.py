"""Which months a training observes, and the days of their windows."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from features.errors import InputError
from features.vocabulary.months import last_day, month_before

if TYPE_CHECKING:
    from collections.abc import Sequence


def last_ended_month(months: Sequence[str], as_of: date) -> str:
    """Return the last month whose last day is not after `as_of`.

    Examples
    --------
    >>> from datetime import date
    >>> last_ended_month(["2026-01", "2026-02"], date(2026, 2, 27))
    '2026-01'
    """
    ended = [month for month in months if last_day(month) <= as_of]
    if not ended:
        have = ", ".join(months) or "none"
        hint = "give a later --as-of, or ingest earlier months"
        raise InputError.of("--as-of", str(as_of), f"no month of the store had ended by then; months are {have}", hint)
    return max(ended)


def observed_months(
    months: Sequence[str], as_of: date, *, window_months: int, n_months: int, step_months: int | None
) -> tuple[str, ...]:
    """Return the months that a training observes: the last that had ended, and earlier ones a step apart.

    An earlier month is observed only when the store holds every month of its window: sums over half a window are
    other features. The last is observed as it is, as scoring would.

    Parameters
    ----------
    months : sequence of str
        Months of the store.
    as_of : date
        Day of the training.
    window_months, n_months : int
        Length of a window; most months to observe.
    step_months : int or None
        Months between two observed; None is half a window, so that two neighbours share half of their claims.

    Returns
    -------
    tuple of str
        Ascending; `YYYY-MM`.

    Examples
    --------
    >>> from datetime import date
    >>> held = [f"2026-{month:02d}" for month in range(1, 13)]
    >>> observed_months(held, date(2027, 1, 5), window_months=6, n_months=4, step_months=None)
    ('2026-06', '2026-09', '2026-12')
    """
    month = last_ended_month(months, as_of)
    observed, held = [month], set(months)
    for _ in range(n_months - 1):
        for _ in range(step_months or -(-window_months // 2)):
            month = month_before(month)
        if _months_back(month, window_months) <= held:
            observed.append(month)
    return tuple(sorted(observed))


def window_days(month: str, window_months: int) -> tuple[date, date]:
    """Return the first and the last day of the window that ends with a month.

    Examples
    --------
    >>> [str(day) for day in window_days("2026-02", 3)]
    ['2025-12-01', '2026-02-28']
    """
    first = min(_months_back(month, window_months))
    return date(int(first[:4]), int(first[5:]), 1), last_day(month)


def _months_back(month: str, n_months: int) -> set[str]:
    found = {month}
    while len(found) < n_months:
        month = month_before(month)
        found.add(month)
    return found
