"""Shallow gradient-boosted trees on labels."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import lightgbm
    import pandas as pd

# Part of the model, not of the machine: the Booster's text names it. Trees are the same with any other number.
N_TRAINING_THREADS = 2


@dataclass(frozen=True)
class BoosterParameters:
    """Size of the trees: shallow ones lose nothing here and are explained twenty times faster.

    Parameters
    ----------
    n_trees, n_leaves, max_depth : int
        How many trees, how large.
    learning_rate : float
        Weight of each tree.
    min_leaf_subjects : int
        Fewest subjects in a leaf.
    feature_share : float
        Share of features a tree may look at.
    subject_share : float
        Share of subjects a tree is grown on.
    l2 : float
        Shrinkage of leaf values.
    """

    n_trees: int = 350
    n_leaves: int = 8
    max_depth: int = 4
    learning_rate: float = 0.03
    min_leaf_subjects: int = 15
    feature_share: float = 0.4
    subject_share: float = 0.8
    l2: float = 5.0

    def as_lightgbm(self, *, seed: int) -> dict[str, Any]:
        """Return LightGBM's own parameters, with everything that makes two trainings equal."""
        return {
            "num_leaves": self.n_leaves,
            "max_depth": self.max_depth,
            "learning_rate": self.learning_rate,
            "min_data_in_leaf": self.min_leaf_subjects,
            "feature_fraction": self.feature_share,
            "bagging_fraction": self.subject_share,
            "bagging_freq": 1 if self.subject_share < 1 else 0,
            "lambda_l2": self.l2,
            "deterministic": True,
            "force_col_wise": True,
            "seed": seed,
            "num_threads": N_TRAINING_THREADS,
            "verbosity": -1,
        }

    def as_dict(self) -> dict[str, Any]:
        """Return the parameters as plain values, for the record."""
        return asdict(self)


def train_booster(
    values: pd.DataFrame,
    is_positive: pd.Series,
    *,
    seed: int,
    parameters: BoosterParameters | None = None,
    weight: pd.Series | None = None,
) -> lightgbm.Booster:
    """Train a binary LightGBM model of shallow trees.

    Unweighted log loss is calibrated as it stands; whoever passes weights calibrates afterwards.

    Parameters
    ----------
    values : DataFrame
        One row per subject; float64 features, NaN for unknown.
    is_positive : Series
        Confirmed or cleared, same index.
    seed : int
        Seed of the subsampling.
    parameters : BoosterParameters, optional
        Size of the trees.
    weight : Series, optional
        Weight per subject.

    Returns
    -------
    Booster
        Equal text for equal input, whatever the number of threads.

    Raises
    ------
    ValueError
        The index differs, or only one class is there.
    """
    check_labels(values, is_positive)
    chosen = parameters or BoosterParameters()
    return fit_trees(values, is_positive, {"objective": "binary", **chosen.as_lightgbm(seed=seed)}, chosen, weight)


def fit_trees(
    values: pd.DataFrame,
    target: pd.Series,
    lightgbm_parameters: dict[str, Any],
    parameters: BoosterParameters,
    weight: pd.Series | None = None,
) -> lightgbm.Booster:
    """Fit LightGBM with given parameters on rows in order of their index."""
    import lightgbm

    order = values.index.argsort()
    sample = lightgbm.Dataset(
        values.to_numpy(dtype=np.float64)[order],
        label=target.to_numpy(dtype=np.float64)[order],
        weight=None if weight is None else weight.to_numpy(dtype=np.float64)[order],
        feature_name=list(values.columns),
        params=lightgbm_parameters,
        free_raw_data=True,
    )
    return lightgbm.train(lightgbm_parameters, sample, num_boost_round=parameters.n_trees)


def check_labels(values: pd.DataFrame, is_positive: pd.Series) -> None:
    """Refuse labels of other subjects, or of one class only."""
    if not values.index.equals(is_positive.index):
        raise ValueError("values and labels must have one index")
    n_positives = int(is_positive.sum())
    if n_positives in (0, len(is_positive)):
        raise ValueError(f"both classes must be there. Got {n_positives} positives of {len(is_positive)} instead")
