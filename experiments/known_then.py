"""What labels said on a day, which months they can judge, and what could be learned before them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pandas as pd

from features.vocabulary.months import last_day, month_before, months_between

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from fraud.models.mode import Mode

SUBJECT, MONTH = "subject_id", "month"


@dataclass(frozen=True)
class Cut:
    """A month that is judged, and what the model that judges it may learn from.

    Parameters
    ----------
    month : str
        The month.
    judged : MultiIndex
        Its rows that metrics are computed on.
    teaching : Series
        Confirmed, cleared or unknown (nullable boolean) by subject and month, of the rows that may teach.
    is_forward : bool
        These are of earlier months, with what was known of them when the month was judged. Where that would not have
        made a model, all rows teach, and only subjects of other groups are kept apart.
    """

    month: str
    judged: pd.Index
    teaching: pd.Series
    is_forward: bool


@dataclass(frozen=True)
class Known:
    """Labels by subject and month, and what had been known of them earlier.

    Parameters
    ----------
    is_positive : Series
        Nullable boolean by subject and month, as known by `as_of`.
    known_date : Series
        Day from which on it was known; same index.
    as_of : date
        Day of the training.
    label_delay_months : int
        Months that decisions take: of a younger month, no decision says nothing.
    """

    is_positive: pd.Series
    known_date: pd.Series
    as_of: date
    label_delay_months: int

    @property
    def months(self) -> list[str]:
        """Months observed, ascending."""
        return sorted(self.is_positive.index.unique(MONTH))

    def teaching(self, mode: Mode) -> pd.Series:
        """Return the labels, as known by `as_of`, of the rows that may teach a model.

        When labelled these are the rows with a decision; when positive_unlabelled everybody's, but for those of
        subjects confirmed for another month: what was found there may have gone on here.
        """
        return _teaching(self.is_positive, mode)

    def cuts(self, mode: Mode, allows: Callable[[pd.Series], bool]) -> tuple[Cut, ...]:
        """Return every month that can be judged by earlier ones; where none can, the last that can be judged at all.

        A month can be judged where some of its rows are confirmed and others are not. When positive_unlabelled, no
        decision counts as not confirmed, so that decisions must have had time to come. The earliest month is judged
        however young it is: without it there would be nothing to judge.

        Parameters
        ----------
        mode : str
            `labelled` or `positive_unlabelled`.
        allows : callable
            Says whether labels known would have made a model of this mode.
        """
        first = self.months[0]
        counted = self.teaching(mode).fillna(value=False)
        rows = {
            month: part.index
            for month, part in counted.groupby(level=MONTH)
            if len(part.unique()) > 1
            and (mode == "labelled" or month == first or is_ripe(month, self.as_of, self.label_delay_months))
        }
        last = max(rows, default=self.months[-1])
        forward = [Cut(month, judged, self._before(month, mode), is_forward=True) for month, judged in rows.items()]
        found = tuple(cut for cut in forward if cut.month > first and allows(cut.teaching))
        return found or (Cut(last, rows.get(last, counted.index), self.teaching(mode), is_forward=False),)

    def taught_for(self, mode: Mode, cut: Cut) -> Cut:
        """Return a cut with the same rows judged, and what may teach a model of another mode."""
        return replace(cut, teaching=self._before(cut.month, mode) if cut.is_forward else self.teaching(mode))

    def _before(self, month: str, mode: Mode) -> pd.Series:
        """Return what teaches of earlier months, known as long after this one as all is now after the last one."""
        day = last_day(month) + (self.as_of - last_day(self.months[-1]))
        then = self.is_positive.where((pd.to_datetime(self.known_date) <= pd.Timestamp(day)).to_numpy(dtype=bool))
        return _teaching(then[then.index.get_level_values(MONTH) < month], mode)


def count_subjects(is_positive: pd.Series) -> tuple[int, int]:
    """Count the subjects confirmed in any month, and those cleared in one and confirmed in none."""
    known = is_positive.dropna().astype(bool)
    any_positive = known.groupby(level=SUBJECT).any()
    return int(any_positive.sum()), int((~any_positive).sum())


def is_ripe(month: str, day: date, label_delay_months: int) -> bool:
    """Say whether decisions about a month have had time to come by a day.

    Examples
    --------
    >>> from datetime import date
    >>> [is_ripe(month, date(2026, 9, 30), 3) for month in ("2026-06", "2026-07")]
    [True, False]
    """
    ended = f"{day:%Y-%m}"
    if last_day(ended) > day:
        ended = month_before(ended)
    return months_between(month, ended) >= label_delay_months


def _teaching(is_positive: pd.Series, mode: Mode) -> pd.Series:
    if mode == "labelled":
        return is_positive.dropna()
    is_confirmed = is_positive.fillna(value=False).astype(bool).groupby(level=SUBJECT).transform("any")
    return is_positive[is_positive.notna() | ~is_confirmed]
