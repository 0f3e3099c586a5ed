"""Peer views: the features of a subject that are shown against its peers, with the values for the plot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.catalogue import features
from features.peers.compare import quantile
from features.peers.groups import stands_for
from fraud.cases.case import PeerView
from fraud.scoring.detectors import featured_scores

if TYPE_CHECKING:
    from features.declare import Feature

_SHOWN = 8
_MOST_VALUES = 400


class PeerViews:
    """Peer views of the subjects of one entity.

    Parameters
    ----------
    entity : str
        `provider` or `patient`.
    profiles : DataFrame
        Profile table, index the subject, with the column `peer_group`.
    explanations : DataFrame
        Explanations of the scored month.
    tail_percentile : float
        Percentile of its peers from which a subject lies in the suspicious tail: the one the month was scored with.
    """

    def __init__(self, entity: str, profiles: pd.DataFrame, explanations: pd.DataFrame, tail_percentile: float) -> None:
        own = explanations[explanations["subject_type"] == entity]
        # The first score that is there orders the plots: the supervised one where there is one.
        scores = [name for name in featured_scores() if (own["score_name"] == name).any()]
        self._rows = {str(key): group for key, group in own[own["score_name"].isin(scores[:1])].groupby("subject_id")}
        self._features: dict[str, Feature] = features(entity)
        self._profiles = profiles
        self._tail_percentile = tail_percentile

    def of(self, subject: str) -> tuple[PeerView, ...]:
        """Return the features that add most to the score and lie in the suspicious tail; fewer where few do."""
        rows = self._rows.get(subject)
        if rows is None:
            return ()
        known = rows[
            rows["feature"].isin(list(self._features)) & rows["value"].notna() & rows["peer_percentile"].notna()
        ]
        in_tail = [
            self._in_tail(str(f), float(p)) for f, p in zip(known["feature"], known["peer_percentile"], strict=True)
        ]
        chosen = known[pd.Series(in_tail, index=known.index, dtype=bool) & (known["contribution"] > 0)]
        if chosen.empty:
            chosen = known[known["contribution"] > 0]
        chosen = chosen.sort_values(["contribution", "feature"], ascending=[False, True]).head(_SHOWN)
        return tuple(self._view(subject, row) for _, row in chosen.iterrows())

    def _peers_of(self, subject: str) -> pd.DataFrame:
        groups = self._profiles["peer_group"]
        names = groups.unique()
        return self._profiles[groups.isin(names[stands_for(str(groups[subject]), names)])]

    def _in_tail(self, name: str, percentile: float) -> bool:
        direction = self._features[name].direction
        high, low = percentile >= self._tail_percentile, percentile <= 100.0 - self._tail_percentile
        return {"high": high, "low": low, "both": high or low}.get(str(direction), False)

    def _view(self, subject: str, row: pd.Series) -> PeerView:
        feature = self._features[str(row["feature"])]
        values = np.sort(self._peers_of(subject)[feature.name].dropna().to_numpy(dtype=float))
        p90 = quantile(values, 0.9) if len(values) else float("nan")
        if len(values) > _MOST_VALUES:
            values = values[np.linspace(0, len(values) - 1, _MOST_VALUES).round().astype(int)]
        return PeerView(
            feature=feature.name,
            label=feature.title,
            why=feature.why if feature.direction else None,
            unit=feature.unit,
            value=float(row["value"]),
            median=float(row["peer_median"]),
            p90=p90,
            percentile=float(row["peer_percentile"]),
            n=int(row["peer_n"]),
            values=tuple(float(value) for value in values),
            contribution=float(row["contribution"]),
        )
