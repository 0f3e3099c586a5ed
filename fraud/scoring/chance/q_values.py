"""q-values: the false discovery rate at which a feature of a subject is a finding, subjects first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt
    import pandas as pd

    from fraud.scoring.chance.cells import Chances

    Floats = npt.NDArray[np.float64]


def q_values(found: Chances) -> pd.DataFrame:
    """Return the cells with their `q_value`, sorted by subject, the most certain first.

    A subject is tested by the smallest of its adjusted chances (Simes 1986), subjects by Benjamini and Hochberg (1995);
    the features of a subject that is named are tested at the share of subjects named times the rate (Benjamini and
    Bogomolov 2014). So hundreds of features do not name a subject hundreds of times as easily, and features that move
    together do not count twice. Both steps hold for features and subjects that are positively dependent.

    Parameters
    ----------
    found : Chances
        Chances of subjects and features.

    Examples
    --------
    >>> import pandas as pd
    >>> from fraud.scoring.chance.cells import Chances
    >>> cells = pd.DataFrame({"subject": ["A", "A", "B"], "feature": ["x", "y", "x"], "chance": [0.001, 0.03, 0.04]})
    >>> q_values(Chances(cells, pd.Series(2, index=["A", "B", "C", "D"])))["q_value"].round(3).tolist()
    [0.008, 0.12, 0.16]
    """
    cells = found.cells.sort_values(["subject", "chance", "feature"], ignore_index=True)
    if cells.empty:
        return cells.assign(q_value=np.empty(0))
    by_subject = cells.groupby("subject", sort=False)
    rank = by_subject.cumcount() + 1
    adjusted = (cells["chance"] * cells["subject"].map(found.n_tested) / rank).clip(upper=1.0)
    adjusted = adjusted[::-1].groupby(cells["subject"], sort=False).cummin().sort_index()
    first = np.sort(adjusted[rank == 1].to_numpy(float))
    return cells.assign(q_value=_of_cells(adjusted.to_numpy(float), first, int((found.n_tested > 0).sum())))


def _of_cells(adjusted: Floats, first: Floats, n_subjects: int) -> Floats:
    """Least rate at which each cell is named: k subjects are, from their own rate on, at k / n of it each feature."""
    k = np.arange(1, len(first) + 1)
    rate = np.minimum.accumulate((first * n_subjects / k)[::-1])[::-1]
    enough = np.searchsorted(rate * k / n_subjects, adjusted)
    fewer = np.where(enough > 0, adjusted * n_subjects / np.maximum(enough, 1), np.inf)
    q: Floats = np.minimum(np.minimum(fewer, np.append(rate, np.inf)[enough]), 1.0)
    return q
