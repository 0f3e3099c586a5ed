"""Peer groups, and how far a subject stands from its peers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

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
    columns = np.ascontiguousarray(values.to_numpy(float).T)
    n, median, p90, percentile, distance = (np.full(columns.shape, np.nan) for _ in range(5))
    codes, _ = pd.factorize(group, sort=True)
    order = np.argsort(codes, kind="stable")
    for rows in np.split(order, np.flatnonzero(np.diff(codes[order])) + 1) if len(order) else []:
        for column, x in enumerate(columns[:, rows]):
            by_value = np.argsort(x, kind="stable")[: np.count_nonzero(~np.isnan(x))]  # missing values sort last
            n[column, rows] = len(by_value)
            if len(by_value):
                ordered, who = x[by_value], rows[by_value]
                middle = _quantile(ordered, 0.5)
                median[column, rows], p90[column, rows] = middle, _quantile(ordered, 0.9)
                distance[column, who] = _MAD_TO_SD * (ordered - middle) / _spread(ordered, middle)
                percentile[column, who] = _mid_ranks(ordered) * 100 / len(ordered)
    frames = [
        pd.DataFrame(each.T, index=values.index, columns=values.columns)
        for each in (n, median, p90, percentile, distance)
    ]
    return Peers(group, *frames)


def _quantile(ordered: npt.NDArray[np.float64], share: float) -> float:
    """Interpolated quantile of sorted values."""
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return float(ordered[low] + (ordered[high] - ordered[low]) * (place - low))


def _mid_ranks(ordered: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """For each of sorted values, how many lie below it and half of those equal to it, itself among them."""
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ends = np.r_[starts[1:], len(ordered)]
    return np.repeat((starts + ends) / 2, ends - starts)


def _spread(ordered: npt.NDArray[np.float64], middle: float) -> float:
    """Median absolute deviation, no smaller than a floor that keeps tiny spreads from exploding."""
    gaps = np.abs(ordered - middle)
    floor = max(abs(middle) * _SPREAD_FLOOR_SHARE, float(gaps.mean()) * _MAD_TO_SD)
    return max(float(np.median(gaps)), floor if floor > 0 else 1.0)
