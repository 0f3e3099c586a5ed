"""The five components of the risk score, each in 0..1 per subject."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from fraud.settings import ScoringSettings

COMPONENTS = ("rules", "rings", "model", "anomaly", "excess")


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


def rules_component(exposure: pd.Series, turnover: pd.Series, settings: ScoringSettings) -> pd.Series:
    """Turn money in question into 0..1.

    Policy `precision`: the mean of the saturated share of turnover (one half at `rules_half_share`) and of the tail
    rank of the money among those with any. Policy `money`: that tail rank alone.

    Parameters
    ----------
    exposure : Series
        Minor units, each line once; zero without a finding.
    turnover : Series
        Billed in the window, minor units; unknown or zero makes the share 1.
    """
    has_any = exposure > 0
    rank = pd.Series(0.0, index=exposure.index)
    rank[has_any] = (exposure[has_any].rank(method="average") / max(int(has_any.sum()), 1)).astype(float)
    if settings.policy == "money":
        return rank
    share = (exposure / turnover.where(turnover > 0)).fillna(1.0).clip(0.0, 1.0)
    saturated = (share / (share + settings.rules_half_share)).where(has_any, 0.0)
    return (saturated + rank) / 2


def make_components(
    *,
    exposure: pd.Series,
    turnover: pd.Series,
    ring_score: pd.Series,
    model_score: pd.Series | None,
    probability: pd.Series | None,
    anomaly_score: pd.Series,
    excess_amount: pd.Series,
    settings: ScoringSettings,
) -> pd.DataFrame:
    """Bring what the detectors said onto one scale.

    Returns
    -------
    DataFrame
        One row per subject; columns `COMPONENTS`, each 0..1. Without a model its component is 0.
    """
    index = exposure.index
    if probability is not None:
        model = probability.fillna(0.0)
    elif model_score is not None:
        model = tail_rank(model_score)
    else:
        model = pd.Series(0.0, index=index)
    return pd.DataFrame(
        {
            "rules": rules_component(exposure, turnover, settings),
            "rings": ring_score.fillna(0.0).clip(0.0, 1.0),
            "model": model,
            "anomaly": tail_rank(anomaly_score),
            # Only money above expectation raises the score.
            "excess": tail_rank(excess_amount).where(excess_amount > 0, 0.0),
        },
        index=index,
    )
