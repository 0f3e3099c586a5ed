"""Expected recovery: probability of confirmation times what could be recovered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fraud.settings import ScoringSettings

# Shares of the ranking at which the bands end: 1 %, 5 %, the rest.
_BANDS = (0.01, 0.05)
_MILLION = 1_000_000


def rank_bands(ranks: pd.Series) -> pd.Series:
    """Band of each subject: 0 the top 1 % (at least one subject), 1 up to 5 %, 2 the rest."""
    n = len(ranks)
    ends = [max(1, round(share * n)) for share in _BANDS]
    return pd.Series(np.searchsorted(ends, ranks.to_numpy(), side="left"), index=ranks.index, name="band")


def confirmation_probability(
    ranks: pd.Series, is_positive: pd.Series, probability: pd.Series | None, settings: ScoringSettings
) -> pd.Series:
    """Probability that a review would confirm, 0..1.

    The calibrated probability where there is one. Else a stated setting by rank band, replaced by the share
    confirmed among the labels known in the band when these are at least `min_band_labels`.

    Parameters
    ----------
    ranks : Series
        1 is the most suspicious.
    is_positive : Series
        Nullable boolean, same index: confirmed, cleared, or unknown.
    probability : Series or None
        Calibrated probability of the model.
    """
    bands = rank_bands(ranks)
    stated = (settings.top_band_probability, settings.middle_band_probability, settings.rest_probability)
    values = dict(enumerate(stated))
    for band, known in is_positive.dropna().groupby(bands, sort=True):
        if len(known) >= settings.min_band_labels:
            values[int(band)] = float(known.astype(bool).sum()) / len(known)
    by_band = bands.map(values).astype("float64")
    return by_band if probability is None else probability.fillna(by_band)


def expected_recovery(probability: pd.Series, recoverable: Sequence[pd.Series]) -> pd.Series:
    """Probability x the largest amount that a detector calls recoverable, minor units rounded down.

    Amounts overlap in an unknown part, so that their sum would count money twice; the largest is a lower bound.

    Parameters
    ----------
    probability : Series
        0..1.
    recoverable : sequence of Series
        One per detector, integers of minor units; unknown and negative ones count as zero.

    Examples
    --------
    >>> expected_recovery(pd.Series([0.5]), [pd.Series([1001]), pd.Series([400], dtype="Int64")]).tolist()
    [500]
    """
    largest = np.zeros(len(probability), dtype=np.int64)
    for amounts in recoverable:
        largest = np.maximum(largest, amounts.fillna(0).to_numpy(dtype=np.int64))
    millionths = np.rint(probability.to_numpy(dtype=float) * _MILLION).astype(np.int64)
    # Split so that a product never passes 64 bits.
    whole, rest = np.divmod(largest, _MILLION)
    return pd.Series(whole * millionths + rest * millionths // _MILLION, index=probability.index)
