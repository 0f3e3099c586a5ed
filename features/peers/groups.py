"""Peer groups: who is compared with whom, and who else stands for a group that is wider than its own members."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

ALL = "all"
_THEN = " · "
_REST = "the rest"


def peer_groups(attributes: pd.DataFrame, columns: Sequence[str], min_peers: int) -> pd.Series:
    """Put every subject into the finest group of at least `min_peers` subjects.

    Those of a group who are in no finer one are a group of their own, the rest, if they are `least_known`: hospitals
    above the first level are nearer to each other than to all hospitals. Fewer belong to the group itself. Whoever is
    like too few even by the coarsest column is in `all`.

    Parameters
    ----------
    attributes : DataFrame
        One row per subject.
    columns : sequence of str
        From coarse to fine; the last are dropped first. Columns that are not there are skipped.
    min_peers : int
        Smallest group, those counted that belong to a finer one.

    Returns
    -------
    Series
        Text per subject.

    Examples
    --------
    >>> frame = pd.DataFrame({"kind": ["a", "a", "a", "b"], "level": ["1", "1", "2", "1"]})
    >>> list(peer_groups(frame, ["kind", "level"], 2))
    ['a · 1', 'a · 1', 'a', 'all']
    >>> frame = pd.DataFrame({"kind": ["a"] * 5, "level": ["1", "1", "1", "2", "3"]})
    >>> list(peer_groups(frame, ["kind", "level"], 3))
    ['a · 1', 'a · 1', 'a · 1', 'a · the rest', 'a · the rest']
    """
    group = pd.Series(ALL, index=attributes.index, dtype=object)
    parts = [attributes[column].fillna("unknown").astype(str) for column in columns if column in attributes]
    name: pd.Series | None = None
    for part in parts:
        name = part if name is None else name + _THEN + part
        size = name.map(name.value_counts())
        group = group.where(size < min_peers, name)
    sizes = group.value_counts()
    large = sizes.index[sizes >= least_known(min_peers)]
    return group.replace({own: own + _THEN + _REST for own in large if stands_for(own, sizes.index).sum() > 1})


def least_known(min_peers: int) -> int:
    """Return how many peers must have a value of a feature for it to be compared: half the smallest group, at least 2.

    Examples
    --------
    >>> least_known(20), least_known(3)
    (10, 2)
    """
    return max(2, -(-min_peers // 2))


def stands_for(group: str, names: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Return of which groups the subjects are peers of a group: of itself, and of every finer one inside it.

    `all` stands for itself alone: who is like nobody is not measured by what others are.

    A pharmacy that has too few like it is compared with all pharmacies, and not with the few that are left over.

    Parameters
    ----------
    group : str
        The group.
    names : sequence of str
        Groups of subjects.

    Examples
    --------
    >>> stands_for("a", ["a", "a · 1", "ab", "all"]).tolist()
    [True, True, False, False]
    >>> stands_for("all", ["a", "all"]).tolist()
    [False, True]
    """
    return np.array([name == group or name.startswith(group + _THEN) for name in names], dtype=bool)
