"""Points of the risk score that each feature adds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fraud.models.scored import Scored


def feature_points(fused: Scored, scored: Mapping[str, Scored], subjects: pd.Index) -> pd.DataFrame:
    """Share the points of each detector among the features that raise its score.

    A component's points go to features in proportion to their positive contributions to that detector's own score;
    what lowers a score takes nothing away from a reason. So points of features add up to at most the points of
    their components.

    Parameters
    ----------
    fused : Scored
        The risk score, contributions by component.
    scored : mapping of str to Scored
        Scores with contributions by feature, by name of the detector.
    subjects : Index
        Whose.

    Returns
    -------
    DataFrame
        Subject x feature, points of the risk score, zero or more.
    """
    total = pd.DataFrame(index=subjects)
    for component, own in scored.items():
        raising = own.contributions.reindex(subjects).fillna(0.0).clip(lower=0.0)
        size = raising.sum(axis=1)
        shares = raising.div(size.where(size > 0, 1.0), axis=0)
        points = shares.mul(fused.contributions.loc[subjects, component], axis=0)
        total = total.add(points, fill_value=0.0)
    return total.sort_index(axis=1)
