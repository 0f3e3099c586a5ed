"""Anomaly score, without labels: isolation forest, ECOD and distance from peers, fused by rank."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import IsolationForest
from sklearn.utils.validation import check_is_fitted, validate_data

from fraud.models.ecod import ECOD
from fraud.models.scored import Scored

if TYPE_CHECKING:
    from collections.abc import Sequence

# One column far out must not outweigh ten that are moderately so; robust z of 10 is beyond doubt already.
_FAR = 10.0
# Rows looked at together: a city's memory is that of a block.
_BLOCK = 50_000
# Makes a median absolute deviation comparable with a standard deviation (Iglewicz and Hoaglin 1993).
_MAD_SCALE = 0.6745


class AnomalyScorer(BaseEstimator):  # type: ignore[misc]  # scikit-learn ships no types
    """Isolation forest, ECOD and distance from peers, fused as the sum of minus log (1 - rank).

    Each method ranks the fitted subjects; a subject gets minus the logarithm of the share that is as
    suspicious or more, and the three are added (Fisher's way of combining tails). Fitted on the month it
    scores, it is frozen by that month's profiles and the seed, and needs no file of its own.

    Parameters
    ----------
    directions : sequence of str, optional
        Per column `high`, `low` or `both`; None means `both` for the distance and the paper's skew for ECOD.
    seed : int
        Seed of the isolation forest.
    n_trees : int
        Trees of the isolation forest.

    Notes
    -----
    Higher is more suspicious. Unknown cells: the fitted median for the forest, a neutral tail for ECOD, no
    distance from peers.
    """

    def __init__(self, directions: Sequence[str] | None = None, seed: int = 7, n_trees: int = 200) -> None:
        self.directions = directions
        self.seed = seed
        self.n_trees = n_trees

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags

    def fit(self, X: Any, y: Any = None, *, distance: Any = None) -> Self:  # noqa: ARG002, N803 - scikit-learn's contract
        """Fit the three methods.

        Parameters
        ----------
        X : array or DataFrame
            One row per subject, curated columns only.
        y : ignored
            For scikit-learn's contract.
        distance : array or DataFrame, optional
            Robust distance from peers, of the shape of X; None takes the distance from the fitted median.
        """
        cells = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        self.medians_ = np.array([_median(column) for column in cells.T])
        self.spreads_ = np.array([_spread(column, own) for column, own in zip(cells.T, self.medians_, strict=True)])
        self.forest_ = IsolationForest(n_estimators=self.n_trees, random_state=self.seed, n_jobs=1)
        self.forest_.fit(self._filled(cells))
        self.ecod_ = ECOD(self.directions).fit(cells)
        self.ranks_ = [np.sort(raw) for raw in self._raw(cells, distance)]
        return self

    def score_samples(self, X: Any, *, distance: Any = None) -> np.ndarray:  # noqa: N803 - scikit-learn's contract
        """Score each subject in points; higher is more suspicious."""
        cells = self._checked(X)
        total: np.ndarray = self._points(self._raw(cells, distance)).sum(axis=0)
        return total

    def explain(self, X: pd.DataFrame, *, distance: Any = None) -> Scored:  # noqa: N803 - scikit-learn's contract
        """Score subjects and share their points among the columns.

        The points of ECOD and of the distance are shared in proportion to what each column adds to them. Those
        of the forest are shared in proportion to how much the forest's own score falls when the column is set
        to its median (never below zero); a subject that nothing lowers takes ECOD's shares. So contributions
        are never negative and add up to the score, with base value zero.
        """
        cells = self._checked(X)
        far = self._far(cells, distance)
        points = self._points(self._raw(cells, distance))
        tails = self.ecod_.column_scores(cells)
        even = np.full(cells.shape, 1.0 / cells.shape[1])
        by_tail = _shares(tails, even)
        shares = (_shares(self._drops(cells), by_tail), by_tail, _shares(far, by_tail))
        parts = sum(share * gained[:, None] for share, gained in zip(shares, points, strict=True))
        contributions = pd.DataFrame(parts, index=X.index, columns=X.columns)
        return Scored(pd.Series(points.sum(axis=0), index=X.index, name="anomaly_score"), contributions, 0.0, "points")

    def _checked(self, X: Any) -> np.ndarray:  # noqa: N803 - scikit-learn's contract
        check_is_fitted(self, "ranks_")
        cells: np.ndarray = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False)
        return cells

    def _filled(self, cells: np.ndarray) -> np.ndarray:
        # In the forest's own precision, so that it makes no copy.
        return np.where(np.isnan(cells), self.medians_.astype(np.float32), cells.astype(np.float32))

    def _far(self, cells: np.ndarray, distance: Any) -> np.ndarray:
        """Distance into the suspicious tail, 0.._FAR, zero where unknown."""
        if distance is None:
            signed = _MAD_SCALE * (cells - self.medians_) / self.spreads_
        else:
            signed = np.array(distance, dtype=np.float64)
            if signed.shape != cells.shape:
                raise ValueError(f"distance must have the shape of X, {cells.shape}. Got {signed.shape} instead")
        sides = self.directions or ["both"] * cells.shape[1]
        for place, side in enumerate(sides):
            if side == "both":
                signed[:, place] = np.abs(signed[:, place])
            elif side == "low":
                signed[:, place] = -signed[:, place]
        far: np.ndarray = np.clip(np.nan_to_num(signed, nan=0.0, posinf=_FAR, neginf=0.0), 0.0, _FAR)
        return far

    def _raw(self, cells: np.ndarray, distance: Any) -> list[np.ndarray]:
        far_from = None if distance is None else np.asarray(distance, dtype=np.float64)
        parts = []
        for start in range(0, len(cells), _BLOCK):
            rows = slice(start, start + _BLOCK)
            own = np.asfortranarray(cells[rows])
            far = self._far(own, None if far_from is None else far_from[rows])
            # scikit-learn's forest says lower is stranger; turned here once.
            strange = -self.forest_.score_samples(self._filled(own))
            parts.append((strange, self.ecod_.score_samples(own), far.mean(axis=1)))
        return [np.concatenate(each) for each in zip(*parts, strict=True)]

    def _points(self, raw: list[np.ndarray]) -> np.ndarray:
        return np.stack([_points(scores, fitted) for scores, fitted in zip(raw, self.ranks_, strict=True)])

    def _drops(self, cells: np.ndarray) -> np.ndarray:
        blocks = [self._drops_of(self._filled(cells[start : start + _BLOCK])) for start in range(0, len(cells), _BLOCK)]
        return np.concatenate(blocks) if blocks else np.zeros(cells.shape)

    def _drops_of(self, filled: np.ndarray) -> np.ndarray:
        whole = -self.forest_.score_samples(filled)
        drops = np.zeros(filled.shape)
        # A call costs as much as hundreds of rows, so that many columns are set to their median in one.
        places, rows = np.nonzero((filled != self.medians_.astype(np.float32)).T)
        for start in range(0, len(rows), _BLOCK):
            moved, place = rows[start : start + _BLOCK], places[start : start + _BLOCK]
            without = filled[moved]
            without[np.arange(len(moved)), place] = self.medians_[place]
            drops[moved, place] = np.maximum(whole[moved] + self.forest_.score_samples(without), 0.0)
        return drops


def _points(scores: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    n = len(fitted)
    below = np.searchsorted(fitted, scores, side="left")
    equal = np.searchsorted(fitted, scores, side="right") - below
    rank = (below + 0.5 * equal) / n
    return -np.log(np.maximum(1.0 - rank, 0.5 / n))


def _shares(parts: np.ndarray, otherwise: np.ndarray) -> np.ndarray:
    total = parts.sum(axis=1, keepdims=True)
    return np.where(total > 0, parts / np.where(total > 0, total, 1.0), otherwise)


def _median(column: np.ndarray) -> float:
    known = column[~np.isnan(column)]
    return float(np.median(known)) if len(known) else 0.0


def _spread(column: np.ndarray, median: float) -> float:
    """Median absolute deviation; where most are equal, the mean one stands in."""
    gaps = np.abs(column[~np.isnan(column)] - median)
    return (_median(gaps) or float(gaps.mean()) or 1.0) if len(gaps) else 1.0
