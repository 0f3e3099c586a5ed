"""Bagging on positives and unlabelled subjects, blended with money: a priority, not a probability."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from fraud.models.explain import booster_margins
from fraud.models.scored import Scored
from fraud.models.supervised import BoosterParameters, check_labels, fit_trees

if TYPE_CHECKING:
    import lightgbm
    import pandas as pd

_FEW_POSITIVES = 10


@dataclass(frozen=True)
class Blend:
    """How the margin of the bagged trees and the logarithm of money become one priority, in points.

    Parameters
    ----------
    amount : str
        Feature with the money, in major units.
    margin_mean, margin_sd, log_amount_mean, log_amount_sd : float
        Of the training subjects; frozen with the model, so that a later month is measured by the same rod.
    """

    amount: str
    margin_mean: float
    margin_sd: float
    log_amount_mean: float
    log_amount_sd: float

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, for the record."""
        return asdict(self)

    def apply(self, margin: Scored, amounts: pd.Series) -> Scored:
        """Return the priority: both parts in standard deviations above the training mean, added.

        Parameters
        ----------
        margin : Scored
            Margin of the bagged trees with its contributions.
        amounts : Series
            Money of the same subjects, in major units; negative or unknown counts as zero.
        """
        from_amount = self._from_amount(amounts)
        from_trees = margin.contributions / self.margin_sd
        if self.amount in from_trees:
            from_trees[self.amount] += from_amount
        else:
            from_trees[self.amount] = from_amount
        base = (margin.base_value - self.margin_mean) / self.margin_sd
        return Scored(base + from_trees.sum(axis=1), from_trees, base, "points")

    def points(self, margins: pd.Series, amounts: pd.Series) -> pd.Series:
        """Return the priority alone, from margins that are not split."""
        return (margins - self.margin_mean) / self.margin_sd + self._from_amount(amounts)

    def _from_amount(self, amounts: pd.Series) -> pd.Series:
        logs = np.log1p(amounts.fillna(0.0).clip(lower=0.0))
        return (logs - self.log_amount_mean) / self.log_amount_sd


def train_bagged(
    values: pd.DataFrame, is_positive: pd.Series, *, seed: int, parameters: BoosterParameters | None = None
) -> lightgbm.Booster:
    """Train a forest of which each tree sees all positives and as many of the unlabelled, drawn afresh.

    Bagging PU of Mordelet and Vert (2014), "A bagging SVM to learn from positive and unlabeled examples",
    with LightGBM trees as the base. An unlabelled subject is unknown, not innocent; being drawn now and then
    only, a hidden positive among them does little harm.

    Parameters
    ----------
    values : DataFrame
        One row per subject, labelled or not; float64 features, NaN for unknown.
    is_positive : Series
        True for a known positive; everyone else is unlabelled.
    seed : int
        Seed of the draws.
    parameters : BoosterParameters, optional
        Size of the trees; learning rate and subject share do not apply.
    """
    check_labels(values, is_positive)
    chosen = parameters or BoosterParameters()
    n_positives = int(is_positive.sum())
    share = min(1.0, n_positives / (len(is_positive) - n_positives))
    own = {
        "objective": "binary",
        "boosting": "rf",
        # Of a few positives a tree sees all: without one it may be left with no subject at all.
        "pos_bagging_fraction": 0.999 if n_positives >= _FEW_POSITIVES else 1.0,
        "neg_bagging_fraction": min(share, 0.999),
        "bagging_freq": 1,
        "min_data_in_leaf": max(2, min(chosen.min_leaf_subjects, n_positives // 4)),
    }
    # Without its own prior a tree starts from even odds, as in a balanced bag.
    merged = {**chosen.as_lightgbm(seed=seed), **own, "bagging_fraction": 1.0, "boost_from_average": False}
    return fit_trees(values, is_positive, merged, chosen)


def fit_blend(booster: lightgbm.Booster, values: pd.DataFrame, amount: str) -> Blend:
    """Freeze mean and spread of margin and log money over the training subjects."""
    margins = booster_margins(booster, values).to_numpy(dtype=float)
    logs = np.log1p(values[amount].fillna(0.0).clip(lower=0.0).to_numpy(dtype=float))
    return Blend(amount, float(margins.mean()), _spread(margins), float(logs.mean()), _spread(logs))


def _spread(numbers: np.ndarray) -> float:
    spread = float(numbers.std())
    return spread if spread > 0 else 1.0
