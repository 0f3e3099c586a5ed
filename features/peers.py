"""Peer groups, and how far a subject stands from its peers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

# 0.6745 makes the median absolute deviation of a normal distribution its standard deviation.
_MAD_TO_SD = 0.6745
# A spread below this share of the median is treated as this share: tiny groups explode otherwise (-105 was seen).
_SPREAD_FLOOR_SHARE = 0.01


@dataclass(frozen=True)
class Peers:
    """How every subject compares with its peer group, itself included.

    Parameters
    ----------
    group : Series
        Peer group of each subject, as text such as `hospital · tertiary`; `all` where no finer group is large enough.
    n, median, p90, percentile, distance : DataFrame
        Subject by feature: peers with a value; their median and 90th percentile; the subject's mid-rank percentile
        (0 to 100); its robust distance 0.6745 (x - median) / MAD, with a floor under the MAD.
    """

    group: pd.Series
    n: pd.DataFrame
    median: pd.DataFrame
    p90: pd.DataFrame
    percentile: pd.DataFrame
    distance: pd.DataFrame


def peer_groups(attributes: pd.DataFrame, columns: Sequence[str], min_peers: int) -> pd.Series:
    """Put every subject into the finest group of at least `min_peers` subjects.

    Parameters
    ----------
    attributes : DataFrame
        One row per subject.
    columns : sequence of str
        From coarse to fine; the last are dropped first. Columns that are not there are skipped.
    min_peers : int
        Smallest group.

    Returns
    -------
    Series
        Text per subject.

    Examples
    --------
    >>> frame = pd.DataFrame({"kind": ["a", "a", "a", "b"], "level": ["1", "1", "2", "1"]})
    >>> list(peer_groups(frame, ["kind", "level"], 2))
    ['a · 1', 'a · 1', 'all', 'all']
    """
    group = pd.Series("all", index=attributes.index, dtype=object)
    parts = [attributes[column].fillna("unknown").astype(str) for column in columns if column in attributes]
    name: pd.Series | None = None
    for part in parts:
        name = part if name is None else name + " · " + part
        size = name.map(name.value_counts())
        group = group.where(size < min_peers, name)
    return group


def compare(values: pd.DataFrame, group: pd.Series) -> Peers:
    """Compare every subject with its peers, feature by feature.

    Parameters
    ----------
    values : DataFrame
        Subject by feature; missing values are no peers.
    group : Series
        Peer group of every subject.
    """
    shape = values.shape
    matrix = values.to_numpy(float)
    n, median, p90, percentile, distance = (np.full(shape, np.nan) for _ in range(5))
    codes, _ = pd.factorize(group, sort=True)
    order = np.argsort(codes, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(order) else []:
        block = matrix[rows]
        n[rows] = np.isfinite(block).sum(axis=0)
        known = np.isfinite(block).any(axis=0)
        part = block[:, known]
        middle = np.nanmedian(part, axis=0)
        spread = np.nanmedian(np.abs(part - middle), axis=0)
        mean_gap = np.nanmean(np.abs(part - middle), axis=0)
        floor = np.maximum(np.abs(middle) * _SPREAD_FLOOR_SHARE, mean_gap * _MAD_TO_SD)
        safe = np.maximum(spread, np.where(floor > 0, floor, 1.0))
        columns = np.flatnonzero(known)
        cells = np.ix_(rows, columns)
        median[cells] = middle
        p90[cells] = np.nanquantile(part, 0.9, axis=0)
        distance[cells] = _MAD_TO_SD * (part - middle) / safe
        ranks = pd.DataFrame(part).rank(axis=0, method="average").to_numpy()
        percentile[cells] = 100.0 * (ranks - 0.5) / np.isfinite(part).sum(axis=0)
    frames = [
        pd.DataFrame(each, index=values.index, columns=values.columns)
        for each in (n, median, p90, percentile, distance)
    ]
    return Peers(group, *frames)
