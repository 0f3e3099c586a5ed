"""The report of an import: what became of every row of a returned file."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# Why rows were refused, how many, and where the first of them stands.
Reason = tuple[str, int, str]


@dataclass(frozen=True)
class FeedbackReport:
    """What became of a returned file: rows read = stored + repeats + open + quarantined.

    Parameters
    ----------
    source : str
        The file, by a digest under the workspace's key.
    n_read, n_stored, n_repeats, n_open, n_quarantined : int
        Rows; open ones hold no decision yet.
    reasons : tuple of (str, int, str)
        Reason, rows it holds against, and where the first of them stands; most frequent first.
    decisions : dict of str to int
        Labels stored, by decision.
    unknown_columns : tuple of str
        Columns of the file that mean nothing here; ignored.
    cells_outside : tuple of str
        Cells above or beside the table; not read, and a reason against a decided row.
    """

    source: str
    n_read: int
    n_stored: int
    n_repeats: int
    n_open: int
    n_quarantined: int
    reasons: tuple[Reason, ...]
    decisions: dict[str, int]
    unknown_columns: tuple[str, ...]
    cells_outside: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        known = self.n_stored + self.n_repeats + self.n_open + self.n_quarantined
        if self.n_read != known:
            raise AssertionError(f"rows of the feedback were lost: {self.n_read} read, {known} accounted for")

    def as_dict(self) -> dict[str, Any]:
        """Return the report as plain values for JSON."""
        return asdict(self)


def merge_reasons(reasons: Iterable[Reason]) -> tuple[Reason, ...]:
    """Bring equal reasons together, most frequent first.

    Examples
    --------
    >>> merge_reasons([("no date", 1, "row 2"), ("no subject", 1, "row 3"), ("no subject", 2, "row 4")])
    (('no subject', 3, 'row 3'), ('no date', 1, 'row 2'))
    """
    merged: dict[str, tuple[int, str]] = {}
    for reason, n, first in reasons:
        n_before, first_before = merged.get(reason, (0, first))
        merged[reason] = (n_before + n, first_before)
    return tuple(sorted(((r, n, first) for r, (n, first) in merged.items()), key=lambda each: (-each[1], each[0])))


def tally(words: Iterable[str]) -> dict[str, int]:
    """Count words, in their order.

    Examples
    --------
    >>> tally(["unfounded", "confirmed_fraud", "unfounded"])
    {'confirmed_fraud': 1, 'unfounded': 2}
    """
    return dict(sorted(Counter(words).items()))
