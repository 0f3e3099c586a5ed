"""Tail rank: a score as minus the logarithm of the share of subjects that are as high, 0..1."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd


def tail_rank(scores: pd.Series) -> pd.Series:
    """Place scores by how few are as high: minus log of that share, 0 for the lowest, 1 for a single highest.

    The middle of a ranking says little and stays near zero; only the tail rises. Equal scores share the middle of
    their ranks; unknown ones get 0.

    Parameters
    ----------
    scores : Series
        Higher is more suspicious.

    Examples
    --------
    >>> tail_rank(pd.Series([1.0, 2.0, 3.0, np.nan])).round(3).tolist()  # ln(6/5), ln 2 and ln 6, over ln 6
    [0.102, 0.387, 1.0, 0.0]
    """
    known = scores.dropna()
    n = len(known)
    if n < 2:
        return pd.Series(0.0, index=scores.index)
    share_as_high = 1.0 - (known.rank(method="average") - 0.5) / n
    return (-np.log(share_as_high) / math.log(2 * n)).clip(upper=1.0).reindex(scores.index).fillna(0.0)
