"""Patients on a pathway of care stand where they stand among those treated alike, not where their illness puts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.pathways import ATTRIBUTE, PATHWAYS
from features.vocabulary.text import Text

if TYPE_CHECKING:
    import numpy.typing as npt

    Floats = npt.NDArray[np.float64]

_SAID = {
    each.name: Text(
        f"On a pathway of care ({each.title.en[0].lower()}{each.title.en[1:]}): "
        "compared with patients treated alike, whose care costs and returns as much",
        f"属规律治疗人群（{each.title.zh}）：与接受同类治疗的参保人比较，其费用和就诊频次本来较高",
    )
    for each in PATHWAYS
}


def among_like_treated(values: pd.DataFrame, attributes: pd.DataFrame) -> pd.DataFrame:
    """Give patients on a pathway the value that is as high among all as theirs is among those on it.

    What knows no peers (a forest, tails over everybody, a rank of money) would take the illness itself for odd:
    every cycle of chemotherapy is far out among all patients and usual among those who have it.

    Parameters
    ----------
    values : DataFrame
        One row per subject.
    attributes : DataFrame
        Same index; `care_pathway` where subjects have one, null for most.

    Returns
    -------
    DataFrame
        A new one; of a pathway of few patients hardly anybody stands out.

    Examples
    --------
    >>> values = pd.DataFrame({"stays": [0.0, 1.0, 2.0, 9.0, 10.0, 11.0]})
    >>> attributes = pd.DataFrame({"care_pathway": [None, None, None, "cancer", "cancer", "cancer"]})
    >>> among_like_treated(values, attributes)["stays"].tolist()
    [0.0, 1.0, 2.0, 0.5, 5.5, 10.5]
    """
    if ATTRIBUTE not in attributes.columns:
        return values
    groups = list(attributes.groupby(ATTRIBUTE, sort=True).indices.values())
    # Column by column in memory, as the methods read it.
    placed = np.array(values, dtype=np.float64, order="F")
    for column in placed.T:
        own = column.copy()
        known = np.sort(own[~np.isnan(own)])
        for places in groups:
            column[places] = _as_high(own[places], known)
    return pd.DataFrame(placed, index=values.index, columns=values.columns)


def _as_high(own: Floats, known: Floats) -> Floats:
    """Values of all that are as high as these are among each other; equal ones share the middle of their ranks."""
    if not len(known):
        return own
    share = (pd.Series(own).rank() - 0.5) / np.count_nonzero(~np.isnan(own))
    high: Floats = np.interp(share * len(known) - 0.5, np.arange(len(known)), known)
    return high


def say_pathways(attributes: pd.DataFrame) -> dict[str, Text]:
    """Say of each subject on a pathway with whom it was compared."""
    if ATTRIBUTE not in attributes.columns:
        return {}
    named = attributes[ATTRIBUTE].dropna()
    return {str(subject): _SAID[str(name)] for subject, name in named.items()}
