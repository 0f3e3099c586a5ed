"""Rows of `explanations`: one per subject, score and feature."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from fraud.runs.tables import output_table

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from features.build import Profile
    from fraud.models.scored import Scored
    from fraud.scoring.catalogue import FeatureWords

# Rows of the excess amount and of the expectation speak of things that are no features, such as provider_type.
_NO_FAMILY = {"risk_score": "component", "excess_amount": "context"}


def explain_score(
    scored: Scored,
    score_name: str,
    *,
    subject_type: str,
    subjects: pd.Index,
    profile: Profile,
    words: Mapping[str, FeatureWords],
) -> pd.DataFrame:
    """Lay out the contributions of a score.

    Parameters
    ----------
    scored : Scored
        Holds the subjects.
    score_name : str
        As in outputs.csv.
    subject_type : str
        `provider` or `patient`.
    subjects : Index
        Whom to explain; those whose score is unknown are left out.
    profile : Profile
        Value, and place among peers, of each feature.
    words : mapping
        Family of each feature.

    Returns
    -------
    DataFrame
        One row per subject and feature, columns of `explanations`.
    """
    known = subjects[scored.scores.loc[subjects].notna().to_numpy()]
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

    of_features = score_name != "risk_score"
    nothing = np.full(shape[0] * shape[1], np.nan)
    families = [words[name].family if name in words else _NO_FAMILY.get(score_name, "") for name in columns]
    n_peers = cells(profile.peers.n) if of_features else nothing
    return pd.DataFrame(
        {
            "subject_type": subject_type,
            "subject_id": np.repeat(known.to_numpy(dtype=object), shape[1]),
            "score_name": score_name,
            "feature": np.tile(np.array(columns, dtype=object), shape[0]),
            "family": np.tile(np.array(families, dtype=object), shape[0]),
            "value": cells(profile.features) if of_features else nothing,
            "peer_median": cells(profile.peers.median) if of_features else nothing,
            "peer_percentile": cells(profile.peers.percentile) if of_features else nothing,
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
