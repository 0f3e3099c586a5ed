"""Folds of subjects that keep those of one owner together, the same on every machine."""

from __future__ import annotations

import hashlib

import pandas as pd


def group_folds(groups: pd.Series, *, n_folds: int, seed: int, strata: pd.Series | None = None) -> pd.Series:
    """Deal groups of subjects into folds.

    Groups are shuffled by a keyed digest of their name, so neither the order of rows nor the thread count
    matters, and are dealt one by one within each stratum, so folds have equal numbers of each.

    Parameters
    ----------
    groups : Series
        Group of each subject (owner, or the provider itself); index = subject. A missing group stands for
        the subject alone.
    n_folds : int
        Number of folds; at most as many as there are groups are filled.
    seed : int
        Key of the shuffle.
    strata : Series, optional
        Whether each subject is positive; a group counts as positive when any member is.

    Returns
    -------
    Series
        Fold number 0..n_folds-1 per subject.
    """
    named = groups.astype(object).where(groups.notna(), groups.index.to_series().map(str))
    named = named.astype(str)
    is_positive = pd.Series(data=False, index=groups.index) if strata is None else strata.astype(bool)
    per_group = is_positive.groupby(named).any()
    fold_of: dict[str, int] = {}
    for stratum in (True, False):
        members = per_group.index[per_group.to_numpy() == stratum]
        for place, name in enumerate(sorted(members, key=lambda group: _digest(group, seed))):
            # The negatives are dealt from the other end, so that no fold gets the remainder of both.
            fold_of[name] = place % n_folds if stratum else n_folds - 1 - place % n_folds
    return named.map(fold_of).astype("int64").rename("fold")


def _digest(name: str, seed: int) -> str:
    return hashlib.sha256(f"{seed}|{name}".encode()).hexdigest()
