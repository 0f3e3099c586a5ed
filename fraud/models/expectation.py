"""Excess amount: what a subject was paid beyond what its patients would lead one to expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from features.pathways import ATTRIBUTE as CARE_PATHWAY
from fraud.models.explain import booster_contributions, booster_margins
from fraud.models.folds import group_folds
from fraud.models.scored import Scored
from fraud.models.supervised import BoosterParameters, fit_trees

if TYPE_CHECKING:
    from collections.abc import Sequence

MIN_SUBJECTS = 50
_N_FOLDS = 5
# What is itself in question must not teach the expectation: training targets end at this quantile.
_WINSOR = 0.99
_PARAMETERS = BoosterParameters(n_trees=120, learning_rate=0.08, min_leaf_subjects=10)
_CATEGORIES = ("provider_type", "provider_level", "gender", "insurance_type", CARE_PATHWAY)


def excess_amount(
    values: pd.DataFrame,
    attributes: pd.DataFrame,
    *,
    context: Sequence[str],
    amount: str = "fund_paid_amount",
    units: str | None = None,
    groups: pd.Series | None = None,
    seed: int,
    explained: bool = True,
) -> Scored:
    """Observed minus expected money, expected from the kind of patients and of place alone.

    The expected amount per unit is learned by LightGBM (squared error, weighted by units) from the context
    columns and the kind of subject, on other owners' subjects only, and multiplied by the subject's units.
    With fewer than 50 subjects it is the median per unit of those of one kind. Behaviour, which is what fraud
    changes, never enters the context.

    Parameters
    ----------
    values : DataFrame
        One row per subject; float64 features, NaN for unknown.
    attributes : DataFrame
        Same index; provider_type and provider_level (or gender and insurance_type) where known.
    context : sequence of str
        Features of the family case_mix.
    amount : str
        Observed money, in major units.
    units : str, optional
        Feature by which the expectation is multiplied; by default `patients_count` where it is a feature,
        else each subject counts once.
    groups : Series, optional
        Owner per subject; a subject is never judged by what its own group taught. Default: each its own.
    seed : int
        Seed of folds and trees.
    explained : bool, default True
        Whether the excess is split over the context columns, which takes most of the time; else it is one part.

    Returns
    -------
    Scored
        Excess in major units of currency; contributions: the amount itself less the mean expectation, and
        what each context column takes away or adds. Base value zero. NaN where the amount is unknown.
    """
    observed = values[amount]
    known = observed.notna()
    n_units = _units(values, units)
    columns = [name for name in context if name in values.columns and name != amount]
    table = pd.concat([values[columns], _codes(attributes)], axis=1).astype("float64")
    if int(known.sum()) < MIN_SUBJECTS or table.shape[1] == 0:
        parts = _by_kind(observed, n_units, attributes)
        contributions = pd.DataFrame({amount: parts})
    else:
        own = pd.Series(values.index, index=values.index) if groups is None else groups
        contributions = _out_of_fold(
            observed[known],
            n_units[known],
            table[known],
            groups=own[known],
            pathways=_pathways(attributes)[known],
            amount=amount,
            seed=seed,
            explained=explained,
        )
        contributions = contributions.reindex(values.index)
    scores = contributions.sum(axis=1, skipna=False).rename("excess_amount")
    return Scored(scores, contributions, 0.0, "currency")


def _units(values: pd.DataFrame, units: str | None) -> pd.Series:
    name = units or ("patients_count" if "patients_count" in values.columns else None)
    if name is None:
        return pd.Series(1.0, index=values.index)
    return values[name].fillna(1.0).clip(lower=1.0)


def _codes(attributes: pd.DataFrame) -> pd.DataFrame:
    """Turn the kind of subject into numbers, in alphabetical order of its names."""
    known = [name for name in _CATEGORIES if name in attributes.columns]
    codes = {}
    for name in known:
        names = attributes[name].astype("string")
        ordered = {text: float(place) for place, text in enumerate(sorted(names.dropna().unique()))}
        codes[name] = names.map(ordered).astype("float64")
    return pd.DataFrame(codes, index=attributes.index)


def _pathways(attributes: pd.DataFrame) -> pd.Series:
    if CARE_PATHWAY not in attributes.columns:
        return pd.Series("", attributes.index)
    return attributes[CARE_PATHWAY].astype(object).fillna("")


def _by_kind(observed: pd.Series, n_units: pd.Series, attributes: pd.DataFrame) -> pd.Series:
    known = [name for name in _CATEGORIES if name in attributes.columns]
    kind = pd.Series("", observed.index, dtype="string")
    for name in known:
        kind += attributes[name].astype("string").fillna("") + "|"
    per_unit = observed / n_units
    return observed - n_units * per_unit.groupby(kind).transform("median")


def _out_of_fold(
    observed: pd.Series,
    n_units: pd.Series,
    table: pd.DataFrame,
    *,
    groups: pd.Series,
    pathways: pd.Series,
    amount: str,
    seed: int,
    explained: bool,
) -> pd.DataFrame:
    folds = group_folds(groups, n_folds=_N_FOLDS, seed=seed)
    per_unit = observed / n_units
    parts = []
    for fold in range(_N_FOLDS):
        inside, outside = folds == fold, folds != fold
        if not inside.any():
            continue
        # Each pathway by itself: the dearest of all patients are those whose treatment is dear.
        most = per_unit[outside].groupby(pathways[outside]).transform("quantile", _WINSOR)
        target = per_unit[outside].clip(upper=most)
        parameters = {"objective": "regression", **_PARAMETERS.as_lightgbm(seed=seed)}
        # The mean is the base value, so that contributions speak of differences from it.
        booster = fit_trees(table[outside], target, parameters, _PARAMETERS, n_units[outside])
        if not explained:
            parts.append(
                (observed[inside] - n_units[inside] * booster_margins(booster, table[inside])).to_frame(amount)
            )
            continue
        expected = booster_contributions(booster, table[inside])
        part = expected.contributions.mul(-n_units[inside], axis=0)
        part.insert(0, amount, observed[inside] - n_units[inside] * expected.base_value)
        parts.append(part)
    return pd.concat(parts).sort_index()
