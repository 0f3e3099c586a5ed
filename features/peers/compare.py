"""Comparison with peers: percentile, distance, and the figures of each group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.peers.groups import stands_for

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

    `n`, `median`, `p90` and `distance` are made in the shape of `percentile` when asked for: at the size of a province
    each of them weighs as much as the profile.

    Parameters
    ----------
    group : Series
        Peer group of each subject, as text such as `hospital · tertiary`; `all` where no finer group is large enough.
        Peers are all subjects whom the text describes, those of finer groups too.
    features : DataFrame
        Subject by feature: what is compared; missing values are no peers.
    percentile : DataFrame
        Subject by feature: the subject's mid-rank percentile, 0 to 100.
    n_of_group, median_of_group, p90_of_group, spread_of_group : DataFrame
        Group by feature: peers with a value; their median and 90th percentile; their median absolute deviation (MAD),
        no smaller than 1 % of the median and 0.6745 times the mean absolute deviation.
    """

    group: pd.Series
    features: pd.DataFrame
    percentile: pd.DataFrame
    n_of_group: pd.DataFrame
    median_of_group: pd.DataFrame
    p90_of_group: pd.DataFrame
    spread_of_group: pd.DataFrame

    @property
    def n(self) -> pd.DataFrame:
        """Peers of each subject with a value."""
        return self._of_subjects(self.n_of_group)

    @property
    def median(self) -> pd.DataFrame:
        """Median of each subject's peers."""
        return self._of_subjects(self.median_of_group)

    @property
    def p90(self) -> pd.DataFrame:
        """90th percentile of each subject's peers."""
        return self._of_subjects(self.p90_of_group)

    @property
    def distance(self) -> pd.DataFrame:
        """Robust distance of each subject from its peers: 0.6745 (x - median) / MAD (Iglewicz and Hoaglin 1993)."""
        return self.distance_in(self.features.columns)

    def distance_in(self, columns: Sequence[str] | pd.Index) -> pd.DataFrame:
        """Robust distance in some features only."""
        places = self.spread_of_group.index.get_indexer(self.group)
        found = np.empty(
            (len(places), len(columns)), order="F"
        )  # as pandas keeps it: rows are summed in one order only
        for at, name in enumerate(columns):
            median, spread = self.median_of_group[name].to_numpy(), self.spread_of_group[name].to_numpy()
            found[:, at] = _MAD_TO_SD * (self.features[name].to_numpy(float) - median[places]) / spread[places]
        return pd.DataFrame(found, index=self.features.index, columns=columns, copy=False)

    def of(self, subjects: pd.Index) -> Peers:
        """Return how some of the subjects compare with all of their peers."""
        own = {"features": self.features.loc[subjects], "percentile": self.percentile.loc[subjects]}
        return replace(self, group=self.group.loc[subjects], **own)

    def _of_subjects(self, table: pd.DataFrame) -> pd.DataFrame:
        rows = table.index.get_indexer(self.group)
        return pd.DataFrame(table.to_numpy()[rows], index=self.group.index, columns=table.columns)


def compare(values: pd.DataFrame, group: pd.Series, least: int = 2) -> Peers:
    """Compare every subject with its peers, feature by feature.

    Parameters
    ----------
    values : DataFrame
        Subject by feature; missing values are no peers.
    group : Series
        Peer group of every subject.
    least : int, default 2
        Least number of peers with a value; with fewer, all but their number is missing.

    Examples
    --------
    >>> found = compare(pd.DataFrame({"stays": [1.0, 2.0, 3.0, 4.0, 100.0]}), pd.Series(["hospital"] * 5))
    >>> [round(float(each["stays"][4]), 1) for each in (found.median, found.percentile, found.distance)]
    [3.0, 90.0, 4.8]
    """
    codes, names = pd.factorize(group, sort=True)
    order = np.argsort(codes, kind="stable")
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    by_place = codes[order]
    peers_of = [np.flatnonzero(stands_for(str(name), names)[by_place]) for name in names]
    own_of = [by_place[places] == code for code, places in enumerate(peers_of)]
    n_features = values.shape[1]
    n, median, p90, spread = (np.full((len(names), n_features), np.nan) for _ in range(4))
    percentile = np.full((n_features, len(order)), np.nan)
    for column, x in enumerate(values.to_numpy(float).T):
        by_group = x[order]
        ranks = np.full(len(order), np.nan)
        for code, (places, own) in enumerate(zip(peers_of, own_of, strict=True)):
            reached = by_group[places]
            known = ~np.isnan(reached)
            peers = reached[known]
            n[code, column] = len(peers)
            if len(peers) >= least:
                rising = np.argsort(peers)
                ordered = peers[rising]
                middle = quantile(ordered, 0.5)
                median[code, column], p90[code, column] = middle, quantile(ordered, 0.9)
                spread[code, column] = _spread(ordered, middle)
                shares = _mid_ranks(ordered, rising) * 100 / len(ordered)
                ranks[places[known & own]] = shares[own[known]]
        percentile[column] = ranks[back]
    by_subject = pd.DataFrame(percentile.T, index=values.index, columns=values.columns, copy=False)
    by_name = (pd.DataFrame(each, index=pd.Index(names), columns=values.columns) for each in (n, median, p90, spread))
    return Peers(group, values, by_subject, *by_name)


def quantile(ordered: npt.NDArray[np.float64], share: float) -> float:
    """Return the interpolated quantile of rising values, reckoned from the nearer of its two neighbours.

    Parameters
    ----------
    ordered : array of float
        At least one value, none missing.
    share : float
        0..1: 0.5 for the median.

    Examples
    --------
    >>> quantile(np.array([1.0, 2.0, 4.0]), 0.5), quantile(np.array([1.0, 2.0, 4.0]), 0.75)
    (2.0, 3.0)
    """
    place = share * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    part, step = place - low, ordered[high] - ordered[low]
    return float(ordered[high] - step * (1 - part)) if part > 0.5 else float(ordered[low] + step * part)


def _mid_ranks(ordered: npt.NDArray[np.float64], rising: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """For each of the peers, how many lie below it and half of those equal to it, itself among them.

    `rising` puts the peers in order; where equal ones stand in it does not matter.
    """
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    ends = np.r_[starts[1:], len(ordered)]
    if len(starts) == 1:
        return np.full(len(ordered), len(ordered) / 2)
    ranks = np.empty(len(ordered))
    ranks[rising] = np.repeat((starts + ends) / 2, ends - starts)
    return ranks


def _spread(ordered: npt.NDArray[np.float64], middle: float) -> float:
    """Median absolute deviation, no smaller than a floor that keeps tiny spreads from exploding."""
    gaps = np.abs(ordered - middle)
    floor = max(abs(middle) * _SPREAD_FLOOR_SHARE, float(gaps.mean()) * _MAD_TO_SD)
    half = len(gaps) // 2
    gaps.partition((max(half - 1, 0), half))
    deviation = float(gaps[half]) if len(gaps) % 2 else float(gaps[half - 1] + gaps[half]) / 2
    return max(deviation, floor if floor > 0 else 1.0)
