"""Numbers that say how good a ranking is, measured inside each fold and averaged, with intervals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from fraud.budget import review_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

_TRUTH: tuple[tuple[str, type], ...] = (("is_positive", bool), ("amount", float))
METRICS = ("average_precision", "auroc", "precision_at_budget", "lift_at_budget", "amount_share_at_budget")


@dataclass(frozen=True)
class Interval:
    """A number with its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


class Ranked:
    """Subjects of one fold in falling order of a score, ready to be measured under many weights.

    Parameters
    ----------
    is_positive, scores, amounts : ndarray
        One entry per subject. Tied scores share one place in average precision and AUROC; at the budget they
        are taken in order of position.
    """

    def __init__(self, is_positive: np.ndarray, scores: np.ndarray, amounts: np.ndarray) -> None:
        self.order = np.argsort(-scores, kind="stable")
        self.is_positive = is_positive[self.order].astype(np.int64)
        self.amounts = amounts[self.order]
        self.last_of_tie = np.flatnonzero(np.r_[np.diff(scores[self.order]) != 0, True])

    def measure(self, weight: np.ndarray, budget: float) -> np.ndarray:
        """Return the numbers of `METRICS`; NaN when there is no positive.

        Parameters
        ----------
        weight : ndarray of int
            How often each subject was drawn, in the order of the arrays given.
        budget : float
            Share of subjects that are reviewed, 0..1.
        """
        drawn = weight[self.order]
        hits = drawn * self.is_positive
        n, n_positives = int(drawn.sum()), int(hits.sum())
        if n_positives == 0:
            return np.full(len(METRICS), np.nan)
        n_at = np.cumsum(drawn)[self.last_of_tie]
        hits_at = np.cumsum(hits)[self.last_of_tie]
        gained = np.diff(np.r_[0, hits_at])
        precision_sum = (gained * hits_at / np.maximum(n_at, 1)).sum()
        misses_at = n_at - hits_at
        missed = np.diff(np.r_[0, misses_at])
        n_negatives = n - n_positives
        pairs = (gained * (n_negatives - misses_at + 0.5 * missed)).sum()
        k = review_size(n, budget)
        taken = np.clip(k - (np.cumsum(drawn) - drawn), 0, drawn) * self.is_positive
        precision = taken.sum() / k
        money = (hits * self.amounts).sum()
        return np.array(
            [
                precision_sum / n_positives,
                pairs / (n_positives * n_negatives) if n_negatives else np.nan,
                precision,
                precision / (n_positives / n),
                (taken * self.amounts).sum() / money if money > 0 else np.nan,
            ]
        )


def brier(is_positive: np.ndarray, probability: np.ndarray) -> float:
    """Mean squared difference between probability and outcome."""
    return float(np.mean((probability - is_positive) ** 2))


def calibration_error(is_positive: np.ndarray, probability: np.ndarray, n_bins: int = 10) -> float:
    """Return the expected calibration error: mean gap between probability and outcome over equal bins."""
    order = np.argsort(probability, kind="stable")
    gaps = [
        abs(probability[part].mean() - is_positive[part].mean()) * len(part)
        for part in np.array_split(order, n_bins)
        if len(part)
    ]
    return float(sum(gaps) / len(order))


@dataclass(frozen=True)
class Measured:
    """Metrics of several rankings of the same subjects, and of the same draws of them.

    Parameters
    ----------
    rankings : tuple of str
        Names of the rankings.
    values : ndarray
        Ranking x metric.
    draws : ndarray
        Draw x ranking x metric.
    """

    rankings: tuple[str, ...]
    values: np.ndarray
    draws: np.ndarray

    def intervals(self) -> dict[str, dict[str, Interval]]:
        """Each ranking's metrics with their intervals."""
        return {name: _intervals(self.values[place], self.draws[:, place]) for place, name in enumerate(self.rankings)}

    def gains(self, ranking: str, opponent: str) -> dict[str, Interval]:
        """Metrics of one ranking less those of another, draw by draw."""
        ours, theirs = self.rankings.index(ranking), self.rankings.index(opponent)
        return _intervals(self.values[ours] - self.values[theirs], self.draws[:, ours] - self.draws[:, theirs])


def measure_rankings(
    frame: pd.DataFrame, rankings: Sequence[str], *, budget: float, n_draws: int, seed: int
) -> Measured:
    """Measure rankings inside each fold and month and average; repeat on subjects drawn with replacement within folds.

    Scores of different folds and months come from different models and are never pooled; where there is no positive
    they say nothing and are left out; of nobody everything is NaN. A subject is drawn with all of its months.
    Intervals are Efron's percentiles of the draws.

    Parameters
    ----------
    frame : DataFrame
        One row per subject, or per subject and month, the subject first in the index: `is_positive`, `fold`, `month`
        where there are several, `amount` (major units), and one column per ranking.
    rankings : sequence of str
        Columns to rank by, higher first.
    budget : float
        Share of subjects that are reviewed, 0..1.
    n_draws, seed : int
        How often to draw; seed of the draws.
    """
    generator = np.random.default_rng(seed)
    folds = [_Fold.of(part, rankings) for _, part in frame.groupby("fold", sort=True)]

    def averaged(weights: list[np.ndarray]) -> np.ndarray:
        numbers = [cell for fold, weight in zip(folds, weights, strict=True) for cell in fold.measure(weight, budget)]
        return _mean_known(np.array(numbers).reshape(-1, len(rankings), len(METRICS)))

    values = averaged([np.ones(fold.n_subjects, dtype=np.int64) for fold in folds])
    draws = [averaged([fold.draw(generator) for fold in folds]) for _ in range(n_draws)]
    return Measured(tuple(rankings), values, np.array(draws))


@dataclass(frozen=True)
class _Fold:
    """Subjects of one fold, and each month of theirs ranked by itself: one model judges one month of one fold."""

    n_subjects: int
    cells: tuple[tuple[np.ndarray, tuple[Ranked, ...]], ...]

    @classmethod
    def of(cls, part: pd.DataFrame, rankings: Sequence[str]) -> _Fold:
        codes, subjects = part.index.get_level_values(0).factorize()
        cells = []
        for month in np.unique(months := part["month"].to_numpy() if "month" in part else np.zeros(len(part))):
            rows = months == month
            truth, amounts = (part[name].to_numpy(dtype=kind)[rows] for name, kind in _TRUTH)
            ranked = tuple(Ranked(truth, part[name].to_numpy(dtype=float)[rows], amounts) for name in rankings)
            cells.append((codes[rows], ranked))
        return cls(len(subjects), tuple(cells))

    def draw(self, generator: np.random.Generator) -> np.ndarray:
        """Return how often each subject is drawn, with all of its months."""
        return np.bincount(generator.integers(0, self.n_subjects, self.n_subjects), minlength=self.n_subjects)

    def measure(self, weight: np.ndarray, budget: float) -> list[list[np.ndarray]]:
        """Return the numbers of each month: ranking x metric."""
        return [[one.measure(weight[codes], budget) for one in ranked] for codes, ranked in self.cells]


def _mean_known(numbers: np.ndarray) -> np.ndarray:
    """Mean over the first axis of what is not NaN; NaN where nothing is."""
    known = ~np.isnan(numbers)
    n_known = known.sum(axis=0)
    mean: np.ndarray = np.where(n_known > 0, np.where(known, numbers, 0.0).sum(axis=0) / np.maximum(n_known, 1), np.nan)
    return mean


def _intervals(values: np.ndarray, draws: np.ndarray) -> dict[str, Interval]:
    intervals = {}
    for place, name in enumerate(METRICS):
        known = draws[~np.isnan(draws[:, place]), place]
        low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
        intervals[name] = Interval(float(values[place]), float(low), float(high))
    return intervals


def wilson(n_found: int, n: int) -> Interval:
    """Return a share with Wilson's 95 % score interval; NaN of nothing.

    Examples
    --------
    >>> str(wilson(3, 4))
    '0.750 (0.301 to 0.954)'
    """
    if n == 0:
        return Interval(float("nan"), float("nan"), float("nan"))
    z = 1.959964
    value, spread = n_found / n, z * z / n
    middle = (value + spread / 2) / (1 + spread)
    half = (z / (1 + spread)) * (value * (1 - value) / n + spread / (4 * n)) ** 0.5
    return Interval(value, max(0.0, middle - half) if n_found else 0.0, min(1.0, middle + half) if n_found < n else 1.0)
