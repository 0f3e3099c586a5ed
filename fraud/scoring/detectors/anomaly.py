"""Anomaly: how unlike others a profile is, without labels, and the features that are far from peers."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from features.catalogue import features
from fraud.models.anomaly import AnomalyScorer
from fraud.scoring.detectors.measured import Measured
from fraud.scoring.detectors.peer_findings import peer_findings
from fraud.scoring.like_treated import among_like_treated
from fraud.scoring.tail_rank import tail_rank

if TYPE_CHECKING:
    from fraud.models.scored import Scored
    from fraud.scoring.entity_month import EntityMonth
    from fraud.scoring.shown import Shown
    from fraud.settings import ScoringSettings

_MIN_SUBJECTS = 2


def measure_anomaly(given: EntityMonth, settings: ScoringSettings) -> Measured:
    """Measure anomaly by isolation forest, ECOD and distance from peers, fused by rank.

    Parameters
    ----------
    given : EntityMonth
        Its features that have a suspicious tail and are known of somebody, and their distance from peers.
    settings : ScoringSettings
        Seed; false discovery rate, least distance and percentile of peer findings, and how many of a subject.

    Returns
    -------
    Measured
        `anomaly_score` in points; explained by feature for those who are shown, who get the peer findings. Without
        such features, or with fewer than two subjects, the score is unknown and the component zero; so it is for
        identifiers under which many work, who are unlike any one professional without being odd.
    """
    is_shared = given.is_shared
    shared = is_shared.index[is_shared]
    find = partial(peer_findings, given.profile, month=given.month, settings=settings, spared=shared)
    declared = features(given.entity)
    directions = {
        name: declared[name].direction or "both"
        for name in given.features.columns
        if name in declared and declared[name].direction is not None and given.features[name].notna().any()
    }
    alone = given.profile.of(given.subjects.difference(shared)) if len(shared) else given.profile
    if not directions or len(alone.features) < _MIN_SUBJECTS:
        unknown = pd.Series(np.nan, index=given.subjects)
        return Measured(tail_rank(unknown), {"anomaly_score": unknown}, find=find)
    columns = list(directions)
    scorer = AnomalyScorer(list(directions.values()), seed=settings.seed)
    cells = among_like_treated(alone.features[columns], alone.attributes)
    distance = alone.peers.distance_in(columns)
    scorer.fit(cells, distance=distance)
    scores = pd.Series(scorer.score_samples(cells, distance=distance), index=cells.index)
    score = scores.reindex(given.subjects).rename("anomaly_score")
    return Measured(tail_rank(score), {"anomaly_score": score}, explain=partial(_explain, scorer, cells), find=find)


def _explain(scorer: AnomalyScorer, cells: pd.DataFrame, shown: Shown) -> Scored | None:
    """Explain those shown whose cells were scored; the others' scores are unknown."""
    alone = shown.profile.of(shown.subjects.intersection(cells.index))
    if not len(alone.features):
        return None
    own = scorer.explain(cells.loc[alone.features.index], distance=alone.peers.distance_in(list(cells.columns)))
    return replace(
        own, scores=own.scores.reindex(shown.subjects), contributions=own.contributions.reindex(shown.subjects)
    )
