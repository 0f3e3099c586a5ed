"""Platt's calibration: margins into probabilities by two numbers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np


@dataclass(frozen=True)
class Platt:
    """Probability = 1 / (1 + exp(-(slope x margin + intercept))).

    Platt (1999), "Probabilistic outputs for support vector machines". The identity (slope 1, intercept 0)
    stands for a model whose unweighted log loss has calibrated it already.

    Examples
    --------
    >>> Platt().apply(np.array([0.0])).tolist()
    [0.5]
    """

    slope: float = 1.0
    intercept: float = 0.0

    def apply(self, margins: np.ndarray) -> np.ndarray:
        """Return probabilities of margins in log odds."""
        line = np.clip(self.slope * margins + self.intercept, -700.0, 700.0)
        probabilities: np.ndarray = 1.0 / (1.0 + np.exp(-line))
        return probabilities

    def as_dict(self) -> dict[str, float]:
        """Return the two numbers, for the record."""
        return asdict(self)


def fit_platt(margins: np.ndarray, is_positive: np.ndarray, *, n_steps: int = 50) -> Platt:
    """Fit slope and intercept on out-of-fold margins by Newton's method.

    Targets are Platt's smoothed ones, (n+ + 1) / (n+ + 2) and 1 / (n- + 2), which keep a perfect separation
    from running away.
    """
    positive = is_positive.astype(bool)
    n_positives, n_negatives = int(positive.sum()), int((~positive).sum())
    target = np.where(positive, (n_positives + 1) / (n_positives + 2), 1 / (n_negatives + 2))
    design = np.column_stack([margins.astype(float), np.ones(len(margins))])
    beta = np.array([1.0, 0.0])
    for _ in range(n_steps):
        probability = Platt(*beta).apply(margins)
        gradient = design.T @ (target - probability)
        curvature = (design * (probability * (1 - probability))[:, None]).T @ design + 1e-9 * np.eye(2)
        step = np.linalg.solve(curvature, gradient)
        beta += np.clip(step, -5.0, 5.0)
        if np.abs(step).max() < 1e-10:
            break
    return Platt(float(beta[0]), float(beta[1]))
