"""ECOD: how far out in the tails of the columns a subject lies, with no parameter to choose."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy import stats
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

if TYPE_CHECKING:
    from collections.abc import Sequence

# A column that is unknown says nothing: the tail of a median value.
NEUTRAL_TAIL = float(np.log(2.0))
_ROUNDING = 1e-12


class ECOD(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Empirical-cumulative-distribution outlier detection.

    Li, Zhao, Hu, Botta, Ionescu and Chen (2022), "ECOD: Unsupervised Outlier Detection Using Empirical
    Cumulative Distribution Functions", IEEE TKDE. The paper's score is the largest of three sums over the
    columns of minus the logarithm of a tail: all left, all right, or for each column the side of its skew.

    Parameters
    ----------
    directions : sequence of str, optional
        Per column `high`, `low` or `both`: the suspicious tail, where it is known. It then stands in for the
        skew: the score is the sum over the columns of their suspicious tails, `both` taking the two-sided
        tail. None means the paper's own score.

    Notes
    -----
    Higher is more suspicious. Unknown cells (NaN) get a neutral tail of one half.
    """

    def __init__(self, directions: Sequence[str] | None = None) -> None:
        self.directions = directions

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: Any, y: Any = None) -> Self:  # noqa: ARG002, N803 - scikit-learn's contract
        """Learn the sorted columns and their skew."""
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")  # noqa: N806 - as above
        if self.directions is not None:
            unknown = sorted(set(self.directions) - {"high", "low", "both"})
            if unknown or len(self.directions) != X.shape[1]:
                raise ValueError(
                    "directions must be one of high, low, both for each column. "
                    f"Got {len(self.directions)} for {X.shape[1]} columns, unknown: {unknown}"
                )
        self.sorted_columns_ = [np.sort(column[~np.isnan(column)]) for column in X.T]
        self.skewness_ = np.array([_skewness(column) for column in self.sorted_columns_])
        return self

    def tails(self, X: Any) -> tuple[np.ndarray, np.ndarray]:  # noqa: N803 - scikit-learn's contract
        """Return minus the logarithm of the left and of the right tail, per cell.

        A value beyond all fitted ones gets the tail 1 / (n + 1).
        """
        check_is_fitted(self, "sorted_columns_")
        X = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)  # noqa: N806 - as above
        left = np.full(X.shape, NEUTRAL_TAIL)
        right = np.full(X.shape, NEUTRAL_TAIL)
        for place, column in enumerate(self.sorted_columns_):
            n = len(column)
            if n == 0:
                continue
            known = ~np.isnan(X[:, place])
            cells = X[known, place]
            n_left = np.searchsorted(column, cells, side="right")
            n_right = n - np.searchsorted(column, cells, side="left")
            floor = n / (n + 1)
            left[known, place] = -np.log(np.maximum(n_left, floor) / n)
            right[known, place] = -np.log(np.maximum(n_right, floor) / n)
        return left, right

    def column_scores(self, X: Any) -> np.ndarray:  # noqa: N803 - scikit-learn's contract
        """Return the score of each cell; the sum over a row is the score of the subject."""
        left, right = self.tails(X)
        if self.directions is not None:
            sides = {"high": right, "low": left, "both": np.maximum(np.maximum(left, right) - NEUTRAL_TAIL, 0.0)}
            return np.column_stack([sides[side][:, place] for place, side in enumerate(self.directions)])
        by_skew = np.where(self.skewness_ < 0, left, right)
        candidates = np.stack([left, right, by_skew])
        best = candidates.sum(axis=2).argmax(axis=0)
        chosen: np.ndarray = candidates[best, np.arange(left.shape[0])]
        return chosen

    def score_samples(self, X: Any) -> np.ndarray:  # noqa: N803 - scikit-learn's contract
        """Score each subject; higher is more suspicious."""
        total: np.ndarray = self.column_scores(X).sum(axis=1)
        return total


def _skewness(column: np.ndarray) -> float:
    # Values that differ by rounding alone lean to no side.
    if len(column) == 0 or column[-1] - column[0] <= _ROUNDING * max(abs(column[0]), abs(column[-1])):
        return 0.0
    return float(stats.skew(column))
