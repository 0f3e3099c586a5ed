"""Out-of-fold scores: every subject is judged by a model that has not seen it, its group or its future."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.errors import InputError
from fraud.models.folds import group_folds

if TYPE_CHECKING:
    from collections.abc import Sequence

    from experiments.known_then import Cut
    from fraud.models.recipe import Recipe


def out_of_fold(
    values: pd.DataFrame,
    is_positive: pd.Series,
    groups: pd.Series,
    recipe: Recipe,
    cuts: Sequence[Cut],
    *,
    n_folds: int,
    seed: int,
) -> pd.DataFrame:
    """Score each row that metrics are computed on with a model of the other folds, and of what its cut lets teach.

    Parameters
    ----------
    values : DataFrame
        Profile values by subject and month.
    is_positive : Series
        Nullable boolean, same index: what is known now. Unknown counts as not positive, so that metrics of mode
        positive_unlabelled are lower bounds.
    groups : Series
        Group of each row, same index; a group is never split.
    recipe : Recipe
        How a model is made.
    cuts : sequence of Cut
        Which rows are judged, and what teaches then.
    n_folds, seed : int
        Number of folds; their seed.

    Returns
    -------
    DataFrame
        One row per row judged: `is_positive`, `fold`, `month` (place of its cut), `score` and `probability` (NaN
        unless labelled).

    Raises
    ------
    InputError
        All subjects are of one kind, or a fold leaves subjects of one kind only to learn from.
    """
    known = is_positive.fillna(value=False).astype(bool)
    used = values.index.isin([row for cut in cuts for row in (*cut.judged, *cut.teaching.index)])
    _refuse_one_kind(known[used])
    folds = group_folds(groups[used], n_folds=n_folds, seed=seed, strata=known[used])
    parts = []
    for place, cut in enumerate(cuts):
        taught, judged = folds[cut.teaching.index], folds[cut.judged]
        for fold in sorted(judged.unique()):
            inside = judged.index[judged == fold]
            teaching = cut.teaching[taught != fold]
            _refuse_one_owner(teaching)
            model = recipe.fit(values.loc[teaching.index], teaching, groups[teaching.index])
            scores = model.scores(values.loc[inside])
            probability = model.probability(scores)
            columns = {
                "is_positive": known[inside],
                "fold": fold,
                "month": place,
                "score": scores,
                "probability": float("nan") if probability is None else probability,
            }
            parts.append(pd.DataFrame(columns))
    return pd.concat(parts).sort_index()


def _refuse_one_kind(known: pd.Series) -> None:
    if known.nunique() < 2:
        what = "confirmed" if known.any() else "cleared or unknown"
        got = f"one class of label: all {len(known):,} subjects are {what}, so there is nothing to tell apart"
        raise InputError.of("labels", "of the training", got, "bring other decisions in with `fraud feedback import`")


def _refuse_one_owner(teaching: pd.Series) -> None:
    if teaching.fillna(value=False).nunique() < 2:
        got = "every confirmed subject, or every cleared one, has one owner: nothing can be judged by others' labels"
        hint = "bring decisions about other owners in with `fraud feedback import`"
        raise InputError.of("labels", "of the training", got, hint)
