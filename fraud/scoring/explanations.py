"""Rows of `explanations`: one per subject, score and feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.catalogue import family_of
from fraud.runs.tables import output_table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fraud.models.scored import Scored
    from fraud.scoring.shown import Shown

RISK_SCORE = "risk_score"


def explain_score(scored: Scored, score_name: str, shown: Shown) -> pd.DataFrame:
    """Lay out the contributions of a score.

    Parameters
    ----------
    scored : Scored
        Holds the subjects.
    score_name : str
        `risk_score`, whose contributions are of components, or the score of a detector, of features.
    shown : Shown
        Whom to explain, with value and place among peers of each feature; those whose score is unknown are left out.

    Returns
    -------
    DataFrame
        One row per subject and feature, columns of `explanations`.
    """
    known = shown.subjects[scored.scores.loc[shown.subjects].notna().to_numpy()]
    parts = scored.contributions.loc[known]
    columns = list(parts.columns)
    shape = (len(known), len(columns))
    if isinstance(scored.base_value, pd.Series):
        base = np.repeat(scored.base_value.loc[known].to_numpy(dtype=float), shape[1])
    else:
        base = np.full(shape[0] * shape[1], float(scored.base_value))

    def cells(frame: pd.DataFrame) -> np.ndarray:
        found: np.ndarray = frame.reindex(index=known, columns=columns).to_numpy(dtype=float)
        return found.ravel()

    of_features = score_name != RISK_SCORE
    nothing = np.full(shape[0] * shape[1], np.nan)
    peers, family = shown.profile.peers, family_of(shown.entity)
    # What a detector reads beside features, such as provider_type, describes the subject.
    families = [family.get(name, "context" if of_features else "component") for name in columns]
    n_peers = cells(peers.n) if of_features else nothing
    return pd.DataFrame(
        {
            "subject_type": shown.entity,
            "subject_id": np.repeat(known.to_numpy(dtype=object), shape[1]),
            "score_name": score_name,
            "feature": np.tile(np.array(columns, dtype=object), shape[0]),
            "family": np.tile(np.array(families, dtype=object), shape[0]),
            "value": cells(shown.features) if of_features else nothing,
            "peer_median": cells(peers.median) if of_features else nothing,
            "peer_percentile": cells(peers.percentile) if of_features else nothing,
            "peer_n": pd.Series(n_peers).astype("Int64"),
            "contribution": parts.to_numpy(dtype=float).ravel(),
            "base_value": base,
            "scale": scored.scale,
        }
    )


def put_together(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Put explanation rows together; without any, the columns remain."""
    filled = [part for part in parts if len(part)]
    if not filled:
        return pd.DataFrame(columns=list(output_table("explanations").names))
    return pd.concat(filled, ignore_index=True)
