"""Out-of-fold scores: every subject is judged by a model that has not seen it, its owner or its future."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.errors import InputError
from fraud.models.folds import group_folds
from fraud.models.trained import fit_model

if TYPE_CHECKING:
    from fraud.models.mode import Mode
    from fraud.models.supervised import BoosterParameters


def out_of_fold(
    values: pd.DataFrame,
    is_positive: pd.Series,
    groups: pd.Series,
    mode: Mode,
    *,
    n_folds: int,
    seed: int,
    parameters: BoosterParameters,
) -> pd.DataFrame:
    """Score each subject that metrics are computed on with a model of the other folds.

    One row per subject that counts: the labelled ones when labelled; everybody when positive_unlabelled, where
    an unlabelled subject counts as not positive and metrics are lower bounds.

    Parameters
    ----------
    values : DataFrame
        Profile values, one row per subject.
    is_positive : Series
        Nullable boolean, same index.
    groups : Series
        Owner of each subject; a group is never split.
    mode : str
        `labelled` or `positive_unlabelled`.
    n_folds, seed : int
        Number of folds; seed of folds and models.
    parameters : BoosterParameters
        Size of the trees.

    Returns
    -------
    DataFrame
        `is_positive`, `fold`, `score` and `probability` (NaN unless labelled).

    Raises
    ------
    InputError
        All subjects are of one kind, or a fold leaves subjects of one kind only to learn from.
    """
    counted = is_positive.notna() if mode == "labelled" else pd.Series(data=True, index=is_positive.index)
    known = is_positive[counted].fillna(value=False).astype(bool)
    if known.nunique() < 2:
        what = "confirmed" if known.any() else "cleared or unknown"
        got = f"one class of label: all {len(known):,} subjects are {what}, so there is nothing to tell apart"
        raise InputError.of("labels", "of the training", got, "bring other decisions in with `fraud feedback import`")
    folds = group_folds(groups[counted], n_folds=n_folds, seed=seed, strata=known)
    parts = []
    for fold in range(n_folds):
        inside = folds.index[folds == fold]
        if inside.empty:
            continue
        outside = folds.index[folds != fold]
        if known.loc[outside].nunique() < 2:
            got = (
                "every confirmed subject, or every cleared one, has one owner: nothing can be judged by others' labels"
            )
            hint = "bring decisions about other owners in with `fraud feedback import`"
            raise InputError.of("labels", "of the training", got, hint)
        model = fit_model(values.loc[outside], is_positive.loc[outside], mode, seed=seed, parameters=parameters)
        scored = model.score(values.loc[inside])
        probability = model.probability(scored)
        parts.append(
            pd.DataFrame(
                {
                    "is_positive": known.loc[inside],
                    "fold": fold,
                    "score": scored.scores,
                    "probability": float("nan") if probability is None else probability,
                }
            )
        )
    return pd.concat(parts).sort_index()
