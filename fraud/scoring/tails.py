"""Which cells lie in the suspicious tail of their peers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from features.build import Profile
    from fraud.scoring.catalogue import FeatureWords


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


def suspicious_tails(profile: Profile, words: Mapping[str, FeatureWords]) -> Tails:
    """Turn percentile and distance so that higher is more suspicious.

    Parameters
    ----------
    profile : Profile
    words : mapping
        Direction of each feature: the low tail is turned, of `both` the nearer one is taken.
    """
    percentile, distance = profile.peers.percentile, profile.peers.distance
    directions = [words[name].direction if name in words else None for name in percentile.columns]
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
