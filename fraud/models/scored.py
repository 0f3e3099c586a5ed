"""A score together with contributions that add up to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

SCALES = ("log_odds", "currency", "points")
# Relative to the largest summand of a row: what adding a few hundred doubles in another order may change.
_TOLERANCE = 1e-9


@dataclass(frozen=True)
class Scored:
    """Scores of subjects; higher is more suspicious.

    Parameters
    ----------
    scores : Series
        One number per subject, on `scale`; NaN where the score is unknown.
    contributions : DataFrame
        One row per subject and one column per feature, on `scale`; NaN exactly where the score is.
    base_value : float or Series
        What a subject has before any feature speaks; per subject where it differs.
    scale : str
        On which the contributions add up: `log_odds`, `currency` or `points`.

    Raises
    ------
    ValueError
        The scale is unknown, the index differs, or the contributions of a subject do not add up to its score
        minus the base value.
    """

    scores: pd.Series
    contributions: pd.DataFrame
    base_value: float | pd.Series
    scale: str

    def __post_init__(self) -> None:
        if self.scale not in SCALES:
            raise ValueError(f"scale must be one of {', '.join(SCALES)}. Got {self.scale!r} instead")
        if not self.scores.index.equals(self.contributions.index):
            raise ValueError("scores and contributions must have one index")
        if isinstance(self.base_value, pd.Series) and not self.base_value.index.equals(self.scores.index):
            raise ValueError("scores and base values must have one index")
        gap = self.additivity_gap()
        if gap > _TOLERANCE:
            raise ValueError(f"contributions must add up to score minus base value: off by {gap:.3g} of the row's size")

    def additivity_gap(self) -> float:
        """Largest difference between score and base value plus contributions, relative to the row's largest part."""
        if self.scores.empty:
            return 0.0
        parts = self.contributions.to_numpy(dtype=float)
        scores = self.scores.to_numpy(dtype=float)
        base = np.broadcast_to(np.asarray(self.base_value, dtype=float), scores.shape)
        known = ~np.isnan(scores)
        if np.isnan(parts[known]).any():
            return float("inf")
        if not known.any():
            return 0.0
        total = base[known] + parts[known].sum(axis=1)
        largest = np.abs(parts[known]).max(axis=1, initial=0.0)
        size = np.maximum.reduce([np.ones(known.sum()), np.abs(scores[known]), np.abs(base[known]), largest])
        return float((np.abs(total - scores[known]) / size).max())
