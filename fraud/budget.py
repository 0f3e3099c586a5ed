"""The review budget: how many subjects a month's investigation can look at."""

from __future__ import annotations


def review_size(n: int, share: float) -> int:
    """Return how many of n subjects a review budget pays for: the nearest whole number, at least one if there is one.

    Examples
    --------
    >>> review_size(297, 0.02), review_size(10, 0.02), review_size(0, 0.02)
    (6, 1, 0)
    """
    return min(n, max(1, round(n * share)))
