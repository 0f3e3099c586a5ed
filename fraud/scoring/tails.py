"""Percentile and distance of each subject and feature, turned so that higher is more suspicious."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.catalogue import features

if TYPE_CHECKING:
    from features.build import Profile


@dataclass(frozen=True)
class Tails:
    """Frames subject x feature.

    Parameters
    ----------
    percentile : DataFrame
        How far into the suspicious tail, 0..100; NaN where the feature has none, or peers are too few or unknown.
    distance : DataFrame
        Robust distance into that tail; negative on the other side.
    is_low : DataFrame
        Whether the tail is the low one.
    """

    percentile: pd.DataFrame
    distance: pd.DataFrame
    is_low: pd.DataFrame


def suspicious_tails(profile: Profile) -> Tails:
    """Turn percentile and distance so that higher is more suspicious.

    The low tail is turned; of `both` the nearer one is taken, as each feature declares.

    Parameters
    ----------
    profile : Profile
        With its peers.
    """
    percentile, distance = profile.peers.percentile, profile.peers.distance
    declared = features(profile.entity)
    directions = [declared[name].direction if name in declared else None for name in percentile.columns]
    below = (percentile < 50).to_numpy()
    low = np.array([[side == "low" for side in directions]]) | (
        np.array([[side == "both" for side in directions]]) & below
    )
    usable = np.broadcast_to(np.array([side is not None for side in directions]), percentile.shape)
    return Tails(
        percentile.where(~low, 100.0 - percentile).where(usable),
        distance.where(~low, -distance).where(usable),
        pd.DataFrame(low, index=percentile.index, columns=percentile.columns),
    )
