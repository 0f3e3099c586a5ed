"""Choice of columns where labels are few: how many, decided by folds inside the training, and which, by gain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fraud.models.folds import group_folds

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fraud.models.trained import TrainedModel

    Fit = Callable[[pd.DataFrame, pd.Series, list[str]], TrainedModel]

_N_FOLDS = 3


def choose_columns(
    fit: Fit, values: pd.DataFrame, is_positive: pd.Series, groups: pd.Series, *, counts: Sequence[int], seed: int
) -> list[str]:
    """Choose the columns by which models of other folds rank best.

    In each of three folds a model of all columns ranks them by what its splits gained; models of the first few of
    these, and that of all, are measured on the fold's own rows by average precision. The number with the best mean is
    taken where it beats all columns by more than a standard error of the differences, since the best of several is
    the luckiest too; the columns themselves come from a model of all rows. Rows that the choice is to be judged on
    must not be among those given.

    Parameters
    ----------
    fit : callable
        Makes a model of values, labels and names of columns.
    values : DataFrame
        One row per row that teaches.
    is_positive : Series
        Nullable boolean, same index; unknown counts as not positive when the choice is measured.
    groups : Series
        Group of each row, same index; a group is never split.
    counts : sequence of int
        Numbers of columns to try beside all of them; larger ones than there are columns mean all.
    seed : int
        Of the folds.

    Returns
    -------
    list of str
        In the order of `values`; all where folds hold too few positives to measure anything.
    """
    columns = list(values.columns)
    tried = [*sorted({count for count in counts if count < len(columns)}), len(columns)]
    known = is_positive.fillna(value=False).astype(bool)
    folds = group_folds(groups, n_folds=_N_FOLDS, seed=seed, strata=known)
    measured = []
    for fold in range(_N_FOLDS):
        inside, outside = folds.index[folds == fold], folds.index[folds != fold]
        if known[inside].nunique() < 2 or known[outside].nunique() < 2:
            continue
        taught = values.loc[outside], is_positive[outside]
        whole = fit(*taught, columns)
        ranked = _by_gain(whole)
        models = [whole if count == len(columns) else fit(*taught, ranked[:count]) for count in tried]
        measured.append([_average_precision(known[inside], model.scores(values.loc[inside])) for model in models])
    best = tried[_clearly_best(np.array(measured))] if len(measured) > 1 else len(columns)
    if best == len(columns):
        return columns
    chosen = set(_by_gain(fit(values, is_positive, columns))[:best])
    return [name for name in columns if name in chosen]


def _clearly_best(measured: np.ndarray) -> int:
    """Place of the best of the numbers tried, fold x number; the last, all columns, unless another clearly beats it."""
    gains = measured - measured[:, -1:]
    mean, error = gains.mean(axis=0), gains.std(axis=0, ddof=1) / len(gains) ** 0.5
    return int(np.argmax(np.where(mean > error, mean, -np.inf))) if (mean > error).any() else len(mean) - 1


def _by_gain(model: TrainedModel) -> list[str]:
    gains = pd.Series(model.booster.feature_importance("gain"), index=model.booster.feature_name())
    return list(gains.sort_values(ascending=False, kind="stable").index)


def _average_precision(is_positive: pd.Series, scores: pd.Series) -> float:
    """Mean precision at each positive, ties at their mean place."""
    place = scores.rank(ascending=False, method="max")[is_positive]
    within = place.rank(method="max")
    return float((within / place).mean())
